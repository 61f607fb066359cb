// Values that people give: what the chart makes of each is looked at without a cluster, and shown to a real API server.
import { type Values, yaml } from './helm.ts';

export const valueCases: readonly { readonly title: string; readonly values: Values }[] = [
  { title: 'no values', values: {} },
  { title: 'three replicas', values: { replicas: 3, podDisruptionBudget: { maxUnavailable: '34%' } } },
  { title: 'two namespaces alone', values: { watchNamespaces: ['mail', 'guests'], replicas: 2 } },
  {
    title: 'two namespaces, and a look at themselves',
    values: { watchNamespaces: ['mail', 'guests'], rbac: { readNamespaces: true } },
  },
  {
    title: 'Secrets of some namespaces',
    values: { secretAccess: { mode: 'Namespaces', namespaces: ['mail'] } },
  },
  {
    title: 'named Secrets',
    values: yaml(`
      secretAccess:
        mode: Named
        named: [{ namespace: mail, secrets: [login], configMaps: [ca] }, { namespace: guests, secrets: [a, b] }]
    `),
  },
  {
    title: 'every setting',
    values: yaml(`
      settings:
        ehloName: relay.example.com
        deniedCidrs: [10.0.0.0/8, 192.0.2.1, "fd00::/8"]
        allowLocalAddresses: true
        allowedRelayHosts: ["*.example.com", mail.example.org]
        allowedTokenHosts: [login.microsoftonline.com]
        concurrentProbes: 8
        kubeApiQps: 50
        statusHeartbeat: 1h30m
    `),
  },
  { title: 'a spool', values: { outbox: { engine: 'spool', volume: { size: '10Gi', storageClassName: 'fast' } } } },
  { title: 'a spool that is there', values: { outbox: { engine: 'spool', volume: { existingClaim: 'mine' } } } },
  {
    title: 'the webhook behind an Ingress',
    values: yaml(`
      webhook:
        enabled: true
        tls: { secretName: webhook-tls }
        service: { type: LoadBalancer, annotations: { example.com/internal: "true" } }
        ingress: { enabled: true, className: nginx, host: alarms.example.com, tlsSecretName: alarms-tls }
    `),
  },
  { title: 'the webhook without TLS', values: { webhook: { enabled: true, tls: { enabled: false } } } },
  {
    title: 'a dashboard and a narrow network',
    values: yaml(`
      metrics: { dashboard: { enabled: true, annotations: { folder: Mail } } }
      networkPolicy:
        from: [{ namespaceSelector: { matchLabels: { kubernetes.io/metadata.name: monitoring } } }]
        egress: { enabled: true, extra: [{ to: [{ ipBlock: { cidr: 192.0.2.0/24 } }] }] }
    `),
  },
  {
    title: 'further kinds',
    values: yaml(`
      watchedKinds: [{ apiGroups: [apps], resources: [deployments, statefulsets] }]
      watchEvents: false
    `),
  },
  {
    title: 'everything about the pod',
    values: yaml(`
      commonLabels: { team: mail }
      image: { digest: "sha256:${'a'.repeat(64)}", pullPolicy: Always }
      imagePullSecrets: [{ name: registry }]
      priorityClassName: system-cluster-critical
      nodeSelector: { kubernetes.io/os: linux }
      tolerations: [{ key: mail, operator: Exists, effect: NoSchedule }]
      affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [] } }
      topologySpreadConstraints:
        - { maxSkew: 1, topologyKey: rack, whenUnsatisfiable: DoNotSchedule, labelSelector: { matchLabels: { a: b } } }
      strategy: { type: RollingUpdate, rollingUpdate: { maxUnavailable: 1 } }
      annotations: { a: b }
      podAnnotations: { c: d }
      podLabels: { e: f, app.kubernetes.io/name: other }
      env: [{ name: NODE_EXTRA_CA_CERTS, value: /ca/ca.crt }]
      envFrom: [{ configMapRef: { name: proxy, optional: true } }]
      volumes: [{ name: ca, configMap: { name: ca } }]
      volumeMounts: [{ name: ca, mountPath: /ca, readOnly: true }]
      dnsPolicy: None
      dnsConfig: { nameservers: [192.0.2.53] }
      podSecurityContext: { runAsUser: null, runAsGroup: null, fsGroup: null }
      serviceAccount: { annotations: { example.com/role: mail } }
      extraObjects:
        - { apiVersion: v1, kind: ConfigMap, metadata: { name: "{{ .Release.Name }}-extra" } }
        - |
          apiVersion: v1
          kind: ConfigMap
          metadata: { name: {{ include "relaykeeper.fullname" . }}-text }
    `),
  },
  {
    title: 'neither roles, account nor definitions',
    values: {
      rbac: { create: false },
      serviceAccount: { create: false, name: 'given' },
      crds: { install: false },
      networkPolicy: { enabled: false },
      admissionPolicy: { enabled: false },
    },
  },
];
