// Generated from crds/relaykeeper.dev_notificationpolicies.yaml by `npm run generate`; do not edit.
import type {ObjectMeta} from '../resource.ts';

/**
 * NotificationPolicy declares who is told what by mail - accounts their log-in details, and account holders and admins what is about to end.
 */
export interface NotificationPolicy {
  /**
   * The version of this object's schema, relaykeeper.dev/v1alpha1.
   */
  apiVersion: string;
  /**
   * The kind of this object, NotificationPolicy.
   */
  kind: string;
  metadata: ObjectMeta;
  /**
   * What the user wants - who is told what.
   */
  spec: {
    /**
     * The SmtpRelay that mail leaves through.
     */
    relayRef: {
      /**
       * The SmtpRelay's name.
       */
      name: string;
      /**
       * Its namespace. Absent, the policy's own.
       */
      namespace?: string;
    };
    /**
     * Tried in order while the one before fails before it has seen a message (Resolve to Auth, or 421), never after a reply to MAIL, RCPT or DATA.
     *
     * @maxItems 4
     *
     * Items: One SmtpRelay.
     */
    fallbackRelayRefs?: {
      /**
       * The SmtpRelay's name.
       */
      name: string;
      /**
       * Its namespace. Absent, the policy's own.
       */
      namespace?: string;
    }[];
    /**
     * Who the mail comes from. Absent, the relay's sender.
     */
    from?: {
      /**
       * The address in From.
       */
      address: string;
      /**
       * The display name in From.
       */
      name?: string;
    };
    /**
     * Active sends. DryRun counts and shows what would be sent, and sends nothing.
     */
    mode: 'Active' | 'DryRun';
    /**
     * Stops everything of this policy; what is due meanwhile waits.
     */
    suspend: boolean;
    /**
     * A run that would send more is held for review, and released by the annotation relaykeeper.dev/release.
     */
    maxPerRun: number;
    /**
     * How long a message may wait for delivery before it is dropped with a reason. A reminder waits until its next step.
     */
    deliverWithin: {
      /**
       * For credentials.
       */
      credentials: string;
    };
    /**
     * Mails accounts their log-in details.
     *
     * @maxItems 16
     *
     * Items: One rule.
     */
    credentials?: {
      /**
       * The rule's name, one of its kind in the policy.
       */
      name: string;
      /**
       * Which accounts, by their labels.
       */
      selector: {
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
      /**
       * What makes a mail - a new account, a changed password.
       *
       * @minItems 1
       * @maxItems 2
       *
       * Items: One trigger.
       */
      triggers: ('AccountCreated' | 'PasswordReset')[];
      /**
       * Whether accounts older than the rule are mailed; else they are recorded only.
       */
      backfill: boolean;
      /**
       * Who is told.
       */
      notify: {
        /**
         * The account itself (email).
         */
        account: boolean;
        /**
         * The account's sponsor (sponsorEmail).
         */
        sponsor: boolean;
        /**
         * These addresses too.
         *
         * @maxItems 32
         *
         * Items: One address.
         */
        addresses?: string[];
      };
      /**
       * Include puts the password into the mail, SeparateMail into a second one, Omit nowhere, Link gives the account's oneTimeLink in its place. Include and SeparateMail need a relay that is encrypted and verified.
       */
      password: 'Include' | 'SeparateMail' | 'Omit' | 'Link';
      /**
       * How the mail reads. Absent, the built-in one. The language is in docs/templates.md.
       */
      template?: {
        /**
         * The subject; one line after rendering.
         */
        subject?: string;
        /**
         * The text part.
         */
        text?: string;
        /**
         * The HTML part.
         */
        html?: string;
        /**
         * The same by locale, such as de or pt-BR, for accounts of that locale.
         */
        locales?: {
          [k: string]:
            | {
                /**
                 * The subject; one line after rendering.
                 */
                subject?: string;
                /**
                 * The text part.
                 */
                text?: string;
                /**
                 * The HTML part.
                 */
                html?: string;
              }
            | undefined;
        };
        /**
         * A ConfigMap of the policy's namespace with the keys subject, text and html, and for a locale subject.de, text.de and html.de.
         */
        configMapRef?: {
          /**
           * The ConfigMap's name.
           */
          name: string;
        };
      };
    }[];
    /**
     * Mails before something ends.
     *
     * @maxItems 16
     *
     * Items: One rule.
     */
    reminders?: {
      /**
       * The rule's name, one of its kind in the policy.
       */
      name: string;
      /**
       * What ends. Exactly one of the fields.
       */
      subjects: {
        /**
         * Accounts, or their passwords.
         */
        accounts?: {
          /**
           * Which accounts, by their labels. Absent, all.
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
          /**
           * AccountEnd, validTo; PasswordEnd, passwordExpiresAt.
           */
          expiry: 'AccountEnd' | 'PasswordEnd';
        };
        /**
         * Secrets of type kubernetes.io/tls, by their tls.crt.
         */
        certificates?: {
          /**
           * Which Secrets, by their labels. Absent, all.
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
         * Any resource with a date; never Secrets.
         */
        resources?: {
          /**
           * Such as cert-manager.io/v1.
           */
          apiVersion: string;
          /**
           * Such as Certificate.
           */
          kind: string;
          /**
           * Which of them, by their labels. Absent, all.
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
          /**
           * A JSONPath to the date (RFC 3339), such as $.status.notAfter.
           */
          expiryPath: string;
          /**
           * A JSONPath to an address that is told too.
           */
          addressPath?: string;
        };
        /**
         * The certificates that relays were seen to present.
         */
        relays?: {
          /**
           * Which SmtpRelays, by their labels. Absent, all.
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
      };
      /**
       * Whose subjects, by the namespace's labels. Absent, the policy's own; empty, all that let this namespace look (relaykeeper.dev/policies-from).
       */
      namespaceSelector?: {
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
      /**
       * The steps, in calendar days of timeZone before the end.
       *
       * @minItems 1
       * @maxItems 16
       *
       * Items: One step.
       */
      daysBefore: number[];
      /**
       * Once after the end too.
       */
      afterExpiry: boolean;
      /**
       * When a run starts, cron with five fields, such as 0 8 * * *.
       */
      schedule: string;
      /**
       * The IANA time zone of schedule and daysBefore.
       */
      timeZone: string;
      /**
       * Who is told.
       */
      notify: {
        /**
         * The account itself, for subjects that are accounts.
         */
        account: boolean;
        /**
         * The account's sponsor (sponsorEmail).
         */
        sponsor: boolean;
        /**
         * These addresses too.
         *
         * @maxItems 32
         *
         * Items: One address.
         */
        addresses?: string[];
      };
      /**
       * One message with a table for notify.addresses, in place of one for each subject.
       */
      digest: boolean;
      /**
       * How the mail reads. Absent, the built-in one. The language is in docs/templates.md.
       */
      template?: {
        /**
         * The subject; one line after rendering.
         */
        subject?: string;
        /**
         * The text part.
         */
        text?: string;
        /**
         * The HTML part.
         */
        html?: string;
        /**
         * The same by locale, such as de or pt-BR, for accounts of that locale.
         */
        locales?: {
          [k: string]:
            | {
                /**
                 * The subject; one line after rendering.
                 */
                subject?: string;
                /**
                 * The text part.
                 */
                text?: string;
                /**
                 * The HTML part.
                 */
                html?: string;
              }
            | undefined;
        };
        /**
         * A ConfigMap of the policy's namespace with the keys subject, text and html, and for a locale subject.de, text.de and html.de.
         */
        configMapRef?: {
          /**
           * The ConfigMap's name.
           */
          name: string;
        };
      };
    }[];
  };
  /**
   * What Relaykeeper saw and sent. Written by the operator alone.
   */
  status?: {
    /**
     * The generation of the spec that this status is about.
     */
    observedGeneration?: number;
    /**
     * Ready sums up. Reconciling and Stalled are there only while True (kstatus).
     *
     * @maxItems 16
     *
     * Items: One condition, by the Kubernetes API conventions.
     */
    conditions?: {
      /**
       * Ready, Reconciling, Stalled, Accepted, ReferencesResolved, RelayReady or Delivering.
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
     * Counts over all rules.
     */
    totals?: {
      /**
       * Accepted by a relay.
       */
      sent?: number;
      /**
       * Refused for good or dropped.
       */
      failed?: number;
      /**
       * Waiting in the outbox.
       */
      pending?: number;
    };
    /**
     * The next run of a reminder rule.
     */
    nextRun?: string;
    /**
     * One a rule.
     *
     * @maxItems 64
     *
     * Items: One rule.
     */
    rules?: {
      /**
       * Credentials or Reminder.
       */
      kind: string;
      /**
       * The rule's name.
       */
      name: string;
      /**
       * The replica that last sent for it.
       */
      sentBy?: string;
      /**
       * When the rule was first seen: what is older is not mailed without backfill, and runs before it are not owed.
       */
      since?: string;
      /**
       * When its last run was scheduled.
       */
      lastRun?: string;
      /**
       * When its next run is scheduled.
       */
      nextRun?: string;
      /**
       * How many subjects it looks at.
       */
      subjects?: number;
      /**
       * How many of them cannot be used.
       */
      invalid?: number;
      /**
       * How many were due at the last run.
       */
      due?: number;
      /**
       * Accepted by a relay.
       */
      sent?: number;
      /**
       * Refused for good or dropped.
       */
      failed?: number;
      /**
       * Waiting in the outbox.
       */
      pending?: number;
      /**
       * How many are held for review.
       */
      held?: number;
      /**
       * The value of the annotation relaykeeper.dev/release that releases them.
       */
      heldRun?: string;
      /**
       * What is worth knowing.
       */
      message?: string;
    }[];
    /**
     * The next reminders.
     *
     * @maxItems 10
     *
     * Items: One reminder.
     */
    upcoming?: {
      /**
       * What ends, namespace/name.
       */
      subject?: string;
      /**
       * The rule.
       */
      rule?: string;
      /**
       * When it is sent.
       */
      dueTime?: string;
    }[];
    /**
     * The last ten messages.
     *
     * @maxItems 10
     *
     * Items: One message to one recipient.
     */
    recentDeliveries?: {
      /**
       * When it was settled.
       */
      time?: string;
      /**
       * The rule.
       */
      rule?: string;
      /**
       * The Message-ID.
       */
      messageId?: string;
      /**
       * The recipient, its local part masked.
       */
      to?: string;
      /**
       * Accepted (a 250, no more than that), Refused or Dropped.
       */
      outcome?: string;
      /**
       * The relay.
       */
      relay?: string;
      /**
       * Why it was refused or dropped.
       */
      reason?: string;
      /**
       * The server's reply, with its queue id.
       */
      reply?: string;
    }[];
    /**
     * The last test message.
     */
    lastTest?: {
      /**
       * The request's token.
       */
      token?: string;
      /**
       * The recipient.
       */
      to?: string;
      /**
       * Accepted or Refused.
       */
      outcome?: string;
      /**
       * The relay.
       */
      relay?: string;
      /**
       * The server's reply.
       */
      reply?: string;
      /**
       * When.
       */
      time?: string;
    };
  };
}
