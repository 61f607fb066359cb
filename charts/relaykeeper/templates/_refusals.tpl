{{/* What no schema can say: values that do not go together. Each says what would be right. */}}
{{- define "relaykeeper.refusals" -}}
{{- $mode := include "relaykeeper.secretAccess" . -}}
{{- $values := .Values -}}
{{- if and (eq $mode "Cluster") $values.watchNamespaces -}}
{{- fail "secretAccess.mode: Cluster reads the Secrets of all namespaces, and watchNamespaces allows only some; leave it out, or write Namespaces or Named" -}}
{{- end -}}
{{- if and (eq $mode "Namespaces") (not $values.watchNamespaces) (not $values.secretAccess.namespaces) -}}
{{- fail "secretAccess.namespaces: name the namespaces whose Secrets may be read; mode Namespaces has none otherwise" -}}
{{- end -}}
{{- if and $values.secretAccess.namespaces (ne $mode "Namespaces") -}}
{{- fail (printf "secretAccess.namespaces: goes with mode Namespaces, not with %s" $mode) -}}
{{- end -}}
{{- range $values.secretAccess.namespaces -}}
{{- if and $values.watchNamespaces (not (has . $values.watchNamespaces)) -}}
{{- fail (printf "secretAccess.namespaces: %s is not among watchNamespaces" .) -}}
{{- end -}}
{{- end -}}
{{- if and $values.secretAccess.named (ne $mode "Named") -}}
{{- fail (printf "secretAccess.named: goes with mode Named, not with %s" $mode) -}}
{{- end -}}
{{- if and (eq $values.outbox.engine "spool") (gt (int $values.replicas) 1) -}}
{{- fail (printf "replicas: %d replicas cannot share a spool; write 1, or outbox.engine kubernetes" (int $values.replicas)) -}}
{{- end -}}
{{- if $values.webhook.enabled -}}
{{- with $values.webhook.tls -}}
{{- if and .enabled (not .secretName) (not .certManager.enabled) -}}
{{- fail "webhook.tls.secretName: name the Secret with the webhook's certificate, or set webhook.tls.certManager.enabled" -}}
{{- end -}}
{{- if and .enabled .certManager.enabled (not .certManager.issuerRef.name) -}}
{{- fail "webhook.tls.certManager.issuerRef.name: name the issuer of the webhook's certificate" -}}
{{- end -}}
{{- end -}}
{{- if eq (int $values.webhook.port) (int $values.http.port) -}}
{{- fail (printf "webhook.port: %d is http.port already" (int $values.webhook.port)) -}}
{{- end -}}
{{- if and $values.webhook.ingress.enabled (not $values.webhook.ingress.host) -}}
{{- fail "webhook.ingress.host: name the host that leads to the webhook" -}}
{{- end -}}
{{- else if $values.webhook.ingress.enabled -}}
{{- fail "webhook.ingress.enabled: needs webhook.enabled" -}}
{{- end -}}
{{- if and $values.metrics.serviceMonitor.enabled $values.metrics.podMonitor.enabled -}}
{{- fail "metrics.podMonitor.enabled: with metrics.serviceMonitor.enabled every figure would be gathered twice; choose one" -}}
{{- end -}}
{{- end -}}
