{{/* Pieces of CEL. A list of strings as JSON is one of CEL, too. */}}

{{/* Blocks for cidr(), which wants a length. */}}
{{- define "relaykeeper.celCidrs" -}}
{{- $blocks := list -}}
{{- range . -}}
{{- if contains "/" . -}}
{{- $blocks = append $blocks . -}}
{{- else -}}
{{- $blocks = append $blocks (printf "%s/%s" . (ternary "128" "32" (contains ":" .))) -}}
{{- end -}}
{{- end -}}
{{- toJson $blocks -}}
{{- end -}}

{{/* Exact, or below `*.domain`: (dict "host" EXPRESSION "patterns" LIST). */}}
{{- define "relaykeeper.celHostAllowed" -}}
{{ .host }}.matches('[^\\x00-\\x7f]') || {{ .patterns | toJson | lower }}.exists(pattern, pattern.startsWith('*.') ? {{ .host }}.endsWith(pattern.substring(1)) : {{ .host }} == pattern)
{{- end -}}

{{/* A name in lower case, without the dot of a fully qualified one: give an expression. */}}
{{- define "relaykeeper.celPlainName" -}}
{{ . }}.endsWith('.') ? {{ . }}.substring(0, size({{ . }}) - 1).lowerAscii() : {{ . }}.lowerAscii()
{{- end -}}
