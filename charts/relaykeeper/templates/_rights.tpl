{{/* The rights of the operator, as rules: what it needs where it looks, and what it needs in its own namespace. */}}

{{/* In every namespace that is watched. */}}
{{- define "relaykeeper.watchRules" -}}
- apiGroups: [relaykeeper.dev]
  resources: [smtprelays, notificationpolicies]
  verbs: [get, list, watch]
- apiGroups: [relaykeeper.dev]
  resources: [smtprelays/status, notificationpolicies/status]
  verbs: [patch]
- apiGroups: [events.k8s.io]
  resources: [events]
  verbs: [create{{ if .Values.watchEvents }}, list, watch{{ end }}]
{{- end -}}

{{/* Of what relays and policies refer to, of accounts and certificates. */}}
{{- define "relaykeeper.secretRules" -}}
- apiGroups: [""]
  resources: [secrets, configmaps]
  verbs: [get, list, watch]
{{- end -}}

{{- define "relaykeeper.watchedKindRules" -}}
{{- range .Values.watchedKinds }}
- apiGroups: {{ toJson .apiGroups }}
  resources: {{ toJson .resources }}
  verbs: [list, watch]
{{- end }}
{{- end -}}

{{/* Its key, outbox, ledger and history are Secrets; its roles, and replicas that hold messages, are Leases. */}}
{{- define "relaykeeper.ownRules" -}}
- apiGroups: [""]
  resources: [secrets]
  verbs: [get, list, watch, create, patch, delete]
- apiGroups: [coordination.k8s.io]
  resources: [leases]
  verbs: [get, create, patch, delete]
{{- end -}}

{{/* A Role and its binding: (dict "root" $ "namespace" … "suffix" … "rules" TEXT). */}}
{{- define "relaykeeper.role" -}}
{{- $name := printf "%s%s" (include "relaykeeper.fullname" .root) .suffix -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata:
  name: {{ $name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "relaykeeper.labels" .root | nindent 4 }}
rules:
  {{- .rules | trim | nindent 2 }}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata:
  name: {{ $name }}
  namespace: {{ .namespace }}
  labels:
    {{- include "relaykeeper.labels" .root | nindent 4 }}
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: Role, name: {{ $name }} }
subjects:
  - kind: ServiceAccount
    name: {{ include "relaykeeper.serviceAccountName" .root }}
    namespace: {{ .root.Release.Namespace }}
{{- end -}}

{{/* A binding of a ClusterRole: (dict "root" $ "suffix" …). */}}
{{- define "relaykeeper.clusterBinding" -}}
{{- $name := printf "%s%s" (include "relaykeeper.fullname" .root) .suffix -}}
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata:
  name: {{ $name }}
  labels:
    {{- include "relaykeeper.labels" .root | nindent 4 }}
roleRef: { apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: {{ $name }} }
subjects:
  - kind: ServiceAccount
    name: {{ include "relaykeeper.serviceAccountName" .root }}
    namespace: {{ .root.Release.Namespace }}
{{- end -}}
