{{/* Names and labels. */}}

{{- define "relaykeeper.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" -}}
{{- end -}}

{{/* Short enough for what is hung on it: `-webhook`, `-dashboard`. */}}
{{- define "relaykeeper.fullname" -}}
{{- $name := include "relaykeeper.name" . -}}
{{- if .Values.fullnameOverride -}}
{{- .Values.fullnameOverride | trunc 50 | trimSuffix "-" -}}
{{- else if contains $name .Release.Name -}}
{{- .Release.Name | trunc 50 | trimSuffix "-" -}}
{{- else -}}
{{- printf "%s-%s" .Release.Name $name | trunc 50 | trimSuffix "-" -}}
{{- end -}}
{{- end -}}

{{- define "relaykeeper.selectorLabels" -}}
app.kubernetes.io/name: {{ include "relaykeeper.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end -}}

{{- define "relaykeeper.labels" -}}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" | trunc 63 | trimSuffix "-" }}
{{ include "relaykeeper.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
app.kubernetes.io/part-of: relaykeeper
{{- with .Values.commonLabels }}
{{ toYaml . }}
{{- end }}
{{- end -}}

{{/* In the metadata of an object of the release's namespace; give (dict "root" $ "suffix" "-webhook"). */}}
{{- define "relaykeeper.metadata" -}}
name: {{ include "relaykeeper.fullname" .root }}{{ .suffix }}
namespace: {{ .root.Release.Namespace }}
labels:
  {{- include "relaykeeper.labels" .root | nindent 2 }}
  {{- with .labels }}
  {{- toYaml . | nindent 2 }}
  {{- end }}
{{- with .annotations }}
annotations:
  {{- toYaml . | nindent 2 }}
{{- end }}
{{- end -}}

{{- define "relaykeeper.serviceAccountName" -}}
{{- if .Values.serviceAccount.create -}}
{{- default (include "relaykeeper.fullname" .) .Values.serviceAccount.name -}}
{{- else -}}
{{- default "default" .Values.serviceAccount.name -}}
{{- end -}}
{{- end -}}

{{- define "relaykeeper.image" -}}
{{- with .Values.image -}}
{{- if .digest -}}
{{- printf "%s@%s" .repository .digest -}}
{{- else -}}
{{- printf "%s:%s" .repository (default $.Chart.AppVersion .tag) -}}
{{- end -}}
{{- end -}}
{{- end -}}

{{- define "relaykeeper.secretAccess" -}}
{{- if .Values.secretAccess.mode -}}
{{- .Values.secretAccess.mode -}}
{{- else if .Values.watchNamespaces -}}
Namespaces
{{- else -}}
Cluster
{{- end -}}
{{- end -}}

{{- define "relaykeeper.webhookSecret" -}}
{{- default (printf "%s-webhook-tls" (include "relaykeeper.fullname" .)) .Values.webhook.tls.secretName -}}
{{- end -}}
