// Generated from crds/relaykeeper.dev_smtprelays.yaml by `npm run generate`; do not edit.
import type {ObjectMeta} from '../resource.ts';

/**
 * SmtpRelay declares one way for mail to leave - a mail server, how to reach and trust it, and how to log in. Relaykeeper probes it again and again and writes what it saw into status.
 */
export interface SmtpRelay {
  /**
   * The version of this object's schema, relaykeeper.dev/v1alpha1.
   */
  apiVersion: string;
  /**
   * The kind of this object, SmtpRelay.
   */
  kind: string;
  metadata: ObjectMeta;
  /**
   * What the user wants - how mail leaves.
   */
  spec: {
    /**
     * The mail server's DNS name (an internationalized name is accepted) or IP address literal, without scheme and port.
     */
    host: string;
    /**
     * The TCP port. Absent, it follows tls.mode - None and Opportunistic 25, StartTls 587, Implicit 465. The mode is never guessed from the port.
     */
    port?: number;
    /**
     * Which addresses of the host are used. Any races IPv6 and IPv4 (RFC 8305).
     */
    addressFamily: 'Any' | 'IPv4' | 'IPv6';
    /**
     * The most that one step of a probe may take (connect, one reply, handshake), and of a delivery up to EHLO, such as 30s.
     */
    connectionTimeout: string;
    /**
     * How long a delivery waits for replies after EHLO (RFC 5321 section 4.5.3.2).
     */
    deliveryTimeouts: {
      /**
       * The wait for the reply to a command, 5m by RFC 5321.
       */
      command: string;
      /**
       * The wait for the reply to the final dot, 10m by RFC 5321. A shorter one doubles mail. No longer than 15m - a replica holds a message for 20.
       */
      dataEnd: string;
    };
    /**
     * The name given in EHLO. Absent, the first of these that has a dot - the operator's --ehlo-name, its host's fully qualified name, the sender's domain; else the local address literal.
     */
    ehloName?: string;
    /**
     * How the connection is encrypted and whom it trusts.
     */
    tls: {
      /**
       * None, plain text. Opportunistic, STARTTLS where offered, an unverified certificate tolerated with a warning, never credentials over it. StartTls, STARTTLS required and verified. Implicit, TLS from the first byte (RFC 8314).
       */
      mode: 'None' | 'Opportunistic' | 'StartTls' | 'Implicit';
      /**
       * The Secret (type Opaque or kubernetes.io/tls) and key that hold the trusted CA certificates, one or many, PEM.
       */
      caSecretRef?: {
        /**
         * The Secret's name, in the relay's namespace.
         */
        name: string;
        /**
         * The key of the Secret's data.
         */
        key: string;
      };
      /**
       * The ConfigMap and key that hold the trusted CA certificates, one or many, PEM.
       */
      caConfigMapRef?: {
        /**
         * The ConfigMap's name, in the relay's namespace.
         */
        name: string;
        /**
         * The key of the ConfigMap's data.
         */
        key: string;
      };
      /**
       * Whether the system's CA certificates are trusted too. Absent, true without a CA reference and false with one.
       */
      includeSystemRoots?: boolean;
      /**
       * The name that the certificate must carry and that is sent as SNI, instead of host.
       */
      serverName?: string;
      /**
       * The oldest TLS version accepted.
       */
      minVersion: 'TLS1.2' | 'TLS1.3';
      /**
       * SHA-256 fingerprints (base64) of public keys (SubjectPublicKeyInfo), of which one must be in the server's chain (RFC 7469 section 2.4).
       *
       * @maxItems 10
       *
       * Items: One fingerprint, 44 characters of base64.
       */
      pinnedSha256?: string[];
      /**
       * The Secret of type kubernetes.io/tls whose certificate and key are presented to the server.
       */
      clientCertificateSecretRef?: {
        /**
         * The Secret's name, in the relay's namespace.
         */
        name: string;
      };
    };
    /**
     * How to log in (RFC 4954). Absent, no login is tried.
     */
    auth?: {
      /**
       * The Secret of type kubernetes.io/basic-auth with the keys username and password.
       */
      secretRef?: {
        /**
         * The Secret's name, in the relay's namespace.
         */
        name: string;
      };
      /**
       * The SASL mechanism. Auto takes PLAIN, else LOGIN, inside TLS, and XOAUTH2 with oauth2.
       */
      mechanism: 'Auto' | 'Plain' | 'Login' | 'CramMd5' | 'XOAuth2';
      /**
       * Whether credentials may go over a connection that is not encrypted or whose server is not verified.
       */
      allowUnencrypted: boolean;
      /**
       * The mailbox to log in as with XOAUTH2. With secretRef, the Secret's username is used.
       */
      username?: string;
      /**
       * Where the access token for XOAUTH2 comes from. The operator fetches it, keeps it in memory and renews it early.
       */
      oauth2?: {
        /**
         * The token endpoint, https only; redirects are not followed.
         */
        tokenUrl: string;
        /**
         * The OAuth 2 grant - ClientCredentials (RFC 6749 section 4.4), RefreshToken (section 6) or JwtBearer (RFC 7523).
         */
        grant: 'ClientCredentials' | 'RefreshToken' | 'JwtBearer';
        /**
         * The client identifier of the application.
         */
        clientId?: string;
        /**
         * The scopes asked for.
         *
         * @maxItems 20
         *
         * Items: One scope.
         */
        scopes?: string[];
        /**
         * The Secret of type relaykeeper.dev/oauth with the key client_secret, refresh_token or private_key, by grant.
         */
        secretRef: {
          /**
           * The Secret's name, in the relay's namespace.
           */
          name: string;
        };
        /**
         * The claims of the signed assertion of grant JwtBearer (RFC 7523 section 3).
         */
        jwt?: {
          /**
           * The iss claim, such as a Google service account's address.
           */
          issuer: string;
          /**
           * The sub claim. Absent, spec.auth.username.
           */
          subject?: string;
          /**
           * The aud claim. Absent, tokenUrl.
           */
          audience?: string;
          /**
           * The kid header, the key's identifier at the provider.
           */
          keyId?: string;
        };
      };
    };
    /**
     * Who mail comes from where a policy does not say otherwise.
     */
    sender?: {
      /**
       * The address in From.
       */
      address: string;
      /**
       * The display name in From.
       */
      name?: string;
      /**
       * The bounce address in MAIL FROM. Absent, sender.address.
       */
      envelopeFrom?: string;
      /**
       * The address in Reply-To.
       */
      replyTo?: string;
    };
    /**
     * Addresses, or *.domain patterns, that policies may put in From. Absent, policies of this namespace any, of others only sender.address.
     *
     * @maxItems 64
     *
     * Items: An address such as guests@example.com, or *.example.com.
     */
    allowedSenders?: string[];
    /**
     * Signs mail whose From is aligned with domain (RFC 6376).
     */
    dkim?: {
      /**
       * The signing domain, tag d.
       */
      domain: string;
      /**
       * The selector, tag s.
       */
      selector: string;
      /**
       * The Secret and key that hold the private key, PEM.
       */
      privateKeySecretRef: {
        /**
         * The Secret's name, in the relay's namespace.
         */
        name: string;
        /**
         * The key of the Secret's data.
         */
        key: string;
      };
    };
    /**
     * What the server allows its clients.
     */
    limits: {
      /**
       * The most connections at a time.
       */
      maxConnections: number;
      /**
       * The most messages in a minute; 0, no limit.
       */
      messagesPerMinute: number;
      /**
       * The most recipients of one message.
       */
      maxRecipientsPerMessage: number;
    };
    /**
     * Domains that mail may go to; example.com exactly, *.example.com its subdomains. Absent, every domain.
     *
     * @maxItems 256
     *
     * Items: A domain or a *.domain pattern.
     */
    allowedRecipientDomains?: string[];
    /**
     * Whose policies may send through this relay.
     */
    allowedNamespaces: {
      /**
       * Same, the relay's namespace. All, every namespace. Selector, namespaces whose labels match selector.
       */
      from: 'Same' | 'All' | 'Selector';
      /**
       * Which namespaces, by their labels.
       */
      selector?: {
        /**
         * Labels that must all be there.
         */
        matchLabels?: {
          [k: string]: string | undefined;
        };
        /**
         * Requirements that must all hold.
         *
         * @maxItems 16
         *
         * Items: One requirement.
         */
        matchExpressions?: {
          /**
           * The label's key.
           */
          key: string;
          /**
           * How values are compared.
           */
          operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
          /**
           * The values of In and NotIn.
           *
           * @maxItems 64
           *
           * Items: One value.
           */
          values?: string[];
        }[];
      };
    };
    /**
     * For test set-ups - sends every mail elsewhere.
     */
    sandbox: {
      /**
       * Set, every mail goes to this address instead, its subject marked and passwords redacted. On one of a policy's relays it holds for all of them.
       */
      redirectTo?: string;
    };
    /**
     * How the connection is tested.
     */
    probe: {
      /**
       * The time between two probes, 10s at least and 7d at most.
       */
      interval: string;
      /**
       * How far one probe goes - Connect (greeting and EHLO), Tls, Auth, Envelope (MAIL and RCPT, then RSET) or Message (a real test message).
       */
      depth: 'Connect' | 'Tls' | 'Auth' | 'Envelope' | 'Message';
      /**
       * The address of the envelope or test message; required for the depths Envelope and Message.
       */
      recipient?: string;
      /**
       * Failures in a row before Ready turns False. The first probe of a generation counts at once.
       */
      failureThreshold: number;
      /**
       * How many days before its end a certificate is warned of.
       */
      certificateWarningDays: number;
    };
    /**
     * Stops probing; the last status is kept.
     */
    suspend: boolean;
  };
  /**
   * What Relaykeeper saw. Written by the operator alone.
   */
  status?: {
    /**
     * The generation of the spec that this status is about.
     */
    observedGeneration?: number;
    /**
     * Ready sums up. Reconciling and Stalled are there only while True (kstatus). The others say how far it works.
     *
     * @maxItems 16
     *
     * Items: One condition, by the Kubernetes API conventions.
     */
    conditions?: {
      /**
       * Ready, Reconciling, Stalled, Accepted, ReferencesResolved, Reachable, Encrypted, Authenticated, SenderAccepted or CertificateValid.
       */
      type: string;
      /**
       * True, False or Unknown.
       */
      status: 'True' | 'False' | 'Unknown';
      /**
       * The generation that it is about.
       */
      observedGeneration?: number;
      /**
       * When status last changed.
       */
      lastTransitionTime: string;
      /**
       * One word for why.
       */
      reason: string;
      /**
       * What happened, and what to do about it.
       */
      message: string;
    }[];
    /**
     * What absent fields came to.
     */
    effective?: {
      /**
       * Host and port.
       */
      endpoint?: string;
      /**
       * The port.
       */
      port?: number;
      /**
       * The TLS mode.
       */
      tlsMode?: string;
      /**
       * The name given in EHLO.
       */
      ehloName?: string;
      /**
       * Whether the system's CA certificates are trusted.
       */
      includeSystemRoots?: boolean;
    };
    /**
     * The referenced objects as the last probe used them, so that a restart knows a changed one. Never their contents.
     *
     * @maxItems 8
     *
     * Items: One object.
     */
    observedReferences?: {
      /**
       * Secret or ConfigMap.
       */
      kind: string;
      /**
       * Its name.
       */
      name: string;
      /**
       * Its version.
       */
      resourceVersion: string;
    }[];
    /**
     * When the certificate that the server presents ends, as a date.
     */
    certificateExpires?: string;
    /**
     * The last probe. The times in it move when something else changes, else at the heartbeat.
     */
    lastProbe?: {
      /**
       * When the probe ended.
       */
      time: string;
      /**
       * Succeeded or Failed.
       */
      outcome: string;
      /**
       * How far the probe was to go.
       */
      depth: string;
      /**
       * The stage that failed: Resolve, Connect, Greeting, Ehlo, StartTls, Tls, Token, Auth, Envelope or Data.
       */
      failedStage?: string;
      /**
       * Why it failed, one word of the table in docs/troubleshooting.md; Succeeded when it did not.
       */
      reason: string;
      /**
       * What happened, and what to do about it.
       */
      message: string;
      /**
       * The reply code of the server's last word on it (RFC 5321 section 4.2).
       */
      replyCode?: number;
      /**
       * The enhanced status code of that reply (RFC 3463).
       */
      enhancedCode?: string;
      /**
       * The address and port that answered.
       */
      address?: string;
      /**
       * The addresses that were tried.
       *
       * @maxItems 8
       *
       * Items: One address.
       */
      addresses?: {
        /**
         * The address and port.
         */
        address: string;
        /**
         * Why it could not be used; absent for the one that answered.
         */
        reason?: string;
      }[];
      /**
       * How long each stage took.
       */
      durations?: {
        /**
         * Resolving the name.
         */
        resolve?: string;
        /**
         * Connecting.
         */
        connect?: string;
        /**
         * Waiting for the greeting.
         */
        greeting?: string;
        /**
         * EHLO before TLS.
         */
        ehlo?: string;
        /**
         * STARTTLS up to its reply.
         */
        startTls?: string;
        /**
         * The TLS handshake and the EHLO after it.
         */
        tls?: string;
        /**
         * Fetching the OAuth 2 token.
         */
        token?: string;
        /**
         * Logging in.
         */
        auth?: string;
        /**
         * MAIL and RCPT of all senders.
         */
        envelope?: string;
        /**
         * Sending the test message.
         */
        data?: string;
        /**
         * All of it.
         */
        total?: string;
      };
      /**
       * The TLS connection and the certificate that the server presented, also where it was refused.
       */
      tls?: {
        /**
         * The protocol, such as TLSv1.3.
         */
        protocol?: string;
        /**
         * The cipher suite.
         */
        cipher?: string;
        /**
         * Whether the certificate was found trustworthy.
         */
        verified?: boolean;
        /**
         * The certificate's subject.
         */
        subject?: string;
        /**
         * The certificate's issuer.
         */
        issuer?: string;
        /**
         * The DNS names and IP addresses that it is for.
         *
         * @maxItems 20
         *
         * Items: One name.
         */
        names?: string[];
        /**
         * When its validity starts.
         */
        notBefore?: string;
        /**
         * When its validity ends.
         */
        notAfter?: string;
        /**
         * The certificate's SHA-256 fingerprint, hexadecimal.
         */
        sha256?: string;
        /**
         * The public key's SHA-256, base64, as pinnedSha256 takes it.
         */
        spkiSha256?: string;
        /**
         * The chain that the server sent, its own certificate first.
         *
         * @maxItems 5
         *
         * Items: One certificate.
         */
        chain?: {
          /**
           * Its subject.
           */
          subject?: string;
          /**
           * Its issuer.
           */
          issuer?: string;
          /**
           * When its validity starts.
           */
          notBefore?: string;
          /**
           * When its validity ends.
           */
          notAfter?: string;
          /**
           * Its SHA-256 fingerprint, hexadecimal.
           */
          sha256?: string;
        }[];
      };
      /**
       * What the server offered in its last EHLO reply.
       *
       * @maxItems 32
       *
       * Items: One EHLO keyword with its parameters.
       */
      capabilities?: string[];
      /**
       * The SASL mechanism used.
       */
      mechanism?: string;
      /**
       * The senders whose envelope was tried.
       *
       * @maxItems 32
       *
       * Items: One sender.
       */
      senders?: {
        /**
         * The address in MAIL FROM.
         */
        address: string;
        /**
         * Succeeded or Failed.
         */
        outcome: string;
        /**
         * Why it was refused.
         */
        reason?: string;
        /**
         * The server's reply.
         */
        reply?: string;
      }[];
      /**
       * What is not a failure yet.
       *
       * @maxItems 16
       *
       * Items: One warning.
       */
      warnings?: {
        /**
         * What it is about.
         */
        reason: string;
        /**
         * What was seen, and what to do about it.
         */
        message: string;
      }[];
      /**
       * What was said, C by us and S by the server, credentials redacted.
       *
       * @maxItems 40
       *
       * Items: One line.
       */
      transcript?: string[];
    };
    /**
     * The last probe that failed, kept after recovery.
     */
    lastFailure?: {
      /**
       * When the probe ended.
       */
      time: string;
      /**
       * Succeeded or Failed.
       */
      outcome: string;
      /**
       * How far the probe was to go.
       */
      depth: string;
      /**
       * The stage that failed: Resolve, Connect, Greeting, Ehlo, StartTls, Tls, Token, Auth, Envelope or Data.
       */
      failedStage?: string;
      /**
       * Why it failed, one word of the table in docs/troubleshooting.md; Succeeded when it did not.
       */
      reason: string;
      /**
       * What happened, and what to do about it.
       */
      message: string;
      /**
       * The reply code of the server's last word on it (RFC 5321 section 4.2).
       */
      replyCode?: number;
      /**
       * The enhanced status code of that reply (RFC 3463).
       */
      enhancedCode?: string;
      /**
       * The address and port that answered.
       */
      address?: string;
      /**
       * The addresses that were tried.
       *
       * @maxItems 8
       *
       * Items: One address.
       */
      addresses?: {
        /**
         * The address and port.
         */
        address: string;
        /**
         * Why it could not be used; absent for the one that answered.
         */
        reason?: string;
      }[];
      /**
       * How long each stage took.
       */
      durations?: {
        /**
         * Resolving the name.
         */
        resolve?: string;
        /**
         * Connecting.
         */
        connect?: string;
        /**
         * Waiting for the greeting.
         */
        greeting?: string;
        /**
         * EHLO before TLS.
         */
        ehlo?: string;
        /**
         * STARTTLS up to its reply.
         */
        startTls?: string;
        /**
         * The TLS handshake and the EHLO after it.
         */
        tls?: string;
        /**
         * Fetching the OAuth 2 token.
         */
        token?: string;
        /**
         * Logging in.
         */
        auth?: string;
        /**
         * MAIL and RCPT of all senders.
         */
        envelope?: string;
        /**
         * Sending the test message.
         */
        data?: string;
        /**
         * All of it.
         */
        total?: string;
      };
      /**
       * The TLS connection and the certificate that the server presented, also where it was refused.
       */
      tls?: {
        /**
         * The protocol, such as TLSv1.3.
         */
        protocol?: string;
        /**
         * The cipher suite.
         */
        cipher?: string;
        /**
         * Whether the certificate was found trustworthy.
         */
        verified?: boolean;
        /**
         * The certificate's subject.
         */
        subject?: string;
        /**
         * The certificate's issuer.
         */
        issuer?: string;
        /**
         * The DNS names and IP addresses that it is for.
         *
         * @maxItems 20
         *
         * Items: One name.
         */
        names?: string[];
        /**
         * When its validity starts.
         */
        notBefore?: string;
        /**
         * When its validity ends.
         */
        notAfter?: string;
        /**
         * The certificate's SHA-256 fingerprint, hexadecimal.
         */
        sha256?: string;
        /**
         * The public key's SHA-256, base64, as pinnedSha256 takes it.
         */
        spkiSha256?: string;
        /**
         * The chain that the server sent, its own certificate first.
         *
         * @maxItems 5
         *
         * Items: One certificate.
         */
        chain?: {
          /**
           * Its subject.
           */
          subject?: string;
          /**
           * Its issuer.
           */
          issuer?: string;
          /**
           * When its validity starts.
           */
          notBefore?: string;
          /**
           * When its validity ends.
           */
          notAfter?: string;
          /**
           * Its SHA-256 fingerprint, hexadecimal.
           */
          sha256?: string;
        }[];
      };
      /**
       * What the server offered in its last EHLO reply.
       *
       * @maxItems 32
       *
       * Items: One EHLO keyword with its parameters.
       */
      capabilities?: string[];
      /**
       * The SASL mechanism used.
       */
      mechanism?: string;
      /**
       * The senders whose envelope was tried.
       *
       * @maxItems 32
       *
       * Items: One sender.
       */
      senders?: {
        /**
         * The address in MAIL FROM.
         */
        address: string;
        /**
         * Succeeded or Failed.
         */
        outcome: string;
        /**
         * Why it was refused.
         */
        reason?: string;
        /**
         * The server's reply.
         */
        reply?: string;
      }[];
      /**
       * What is not a failure yet.
       *
       * @maxItems 16
       *
       * Items: One warning.
       */
      warnings?: {
        /**
         * What it is about.
         */
        reason: string;
        /**
         * What was seen, and what to do about it.
         */
        message: string;
      }[];
      /**
       * What was said, C by us and S by the server, credentials redacted.
       *
       * @maxItems 40
       *
       * Items: One line.
       */
      transcript?: string[];
    };
    /**
     * When a probe last succeeded.
     */
    lastSuccessTime?: string;
    /**
     * The value of the annotation relaykeeper.dev/probe-requested that the last requested probe was made for.
     */
    lastHandledProbeRequest?: string;
    /**
     * How many probes failed in a row.
     */
    consecutiveFailures?: number;
  };
}
