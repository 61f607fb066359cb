{{/* The arguments of the container. */}}
{{- define "relaykeeper.args" -}}
{{- $webhook := .Values.webhook -}}
- run
- --http-listen={{ .Values.http.address }}:{{ .Values.http.port }}
- --secret-access={{ include "relaykeeper.secretAccess" . }}
{{- range .Values.watchNamespaces }}
- --namespace={{ . }}
{{- end }}
{{- with .Values.settings }}
- --concurrent-probes={{ .concurrentProbes }}
- --kube-api-qps={{ .kubeApiQps }}
- --status-heartbeat={{ .statusHeartbeat }}
- --log-level={{ .logLevel }}
{{- with .ehloName }}
- --ehlo-name={{ . }}
{{- end }}
{{- with .deniedCidrs }}
- --denied-cidrs={{ join "," . }}
{{- end }}
{{- if .allowLocalAddresses }}
- --allow-local-addresses
{{- end }}
{{- with .allowedRelayHosts }}
- {{ printf "--allowed-relay-hosts=%s" (join "," .) | quote }}
{{- end }}
{{- with .allowedTokenHosts }}
- {{ printf "--allowed-token-hosts=%s" (join "," .) | quote }}
{{- end }}
{{- with .roles }}
- --roles={{ join "," . }}
{{- end }}
{{- end }}
{{- if eq .Values.outbox.engine "spool" }}
- --outbox=spool
- --state=/var/lib/relaykeeper
{{- end }}
{{- if $webhook.enabled }}
- --webhook-listen={{ .Values.http.address }}:{{ $webhook.port }}
{{- if $webhook.tls.enabled }}
- --webhook-tls-cert=/etc/relaykeeper/webhook-tls/tls.crt
- --webhook-tls-key=/etc/relaykeeper/webhook-tls/tls.key
{{- end }}
{{- end }}
{{- range .Values.settings.extraArgs }}
- {{ . | quote }}
{{- end }}
{{- end -}}
