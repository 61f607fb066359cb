// Generated from crds/relaykeeper.dev_notificationpolicies.yaml by `npm run generate`; do not edit.
import type {ObjectMeta} from '../resource.ts';

/**
 * NotificationPolicy declares who is told what by mail - accounts their log-in details, account holders and admins what is about to end, and admins what is wrong.
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
     * Who the mail comes from. Absent, the relay's sender; of alarm mails, alarms@ the name that the relay is greeted with (EHLO) where that is a domain and its spec.allowedSenders allow it.
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
      /**
       * For alarms.
       */
      alarms: string;
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
    /**
     * Times in which alarms wait. At the end one mail tells what still fires, and what came and went.
     *
     * @maxItems 16
     *
     * Items: One period.
     */
    quietPeriods?: {
      /**
       * When it begins, cron with five fields, such as 0 22 * * *.
       */
      schedule: string;
      /**
       * How long it lasts, 7 days at most.
       */
      duration: string;
      /**
       * The IANA time zone of schedule.
       */
      timeZone: string;
      /**
       * Alarms whose labels hold all of these are told nevertheless.
       *
       * @maxItems 16
       *
       * Items: One requirement on a label of the alarm.
       */
      except?: {
        /**
         * The label's name.
         */
        key: string;
        /**
         * In and NotIn compare whole values; Matches and NotMatches are RE2 expressions on the whole value, as Alertmanager's =~ and !~. A missing label counts as empty.
         */
        operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Matches' | 'NotMatches';
        /**
         * The values, or expressions; any of them.
         *
         * @maxItems 64
         *
         * Items: One value.
         */
        values?: string[];
      }[];
    }[];
    /**
     * Mails about what is wrong now, grouped, and about its end. The words mean what they mean in Alertmanager.
     *
     * @maxItems 16
     *
     * Items: One rule.
     */
    alarms?: {
      /**
       * The rule's name, one of its kind in the policy; the last part of the webhook's path.
       */
      name: string;
      /**
       * Where alarms come from; any of them.
       */
      sources: {
        /**
         * Events of the cluster (events.k8s.io), with their series. Those from before the rule are not replayed.
         */
        kubernetesEvents?: {
          /**
           * Which types.
           *
           * @minItems 1
           * @maxItems 2
           *
           * Items: One type.
           */
          types: ('Warning' | 'Normal')[];
          /**
           * Only these reasons. Absent, all.
           *
           * @maxItems 64
           *
           * Items: One reason.
           */
          reasons?: string[];
          /**
           * Never these reasons.
           *
           * @maxItems 64
           *
           * Items: One reason.
           */
          excludeReasons?: string[];
          /**
           * Only about objects of these kinds. Absent, all.
           *
           * @maxItems 32
           *
           * Items: One kind, such as Pod.
           */
          kinds?: string[];
          /**
           * Whose events, by the namespace's labels. Absent, the policy's own; empty, all that let this namespace look (relaykeeper.dev/policies-from).
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
           * Only once it happened so often in that time. Absent, at once.
           */
          after?: {
            /**
             * How often.
             */
            times: number;
            /**
             * In what time.
             */
            within: string;
          };
          /**
           * It counts as over once it did not happen for so long.
           */
          resolveAfter: string;
        };
        /**
         * Objects of which a condition is bad.
         *
         * @maxItems 16
         *
         * Items: A kind, and the condition that is bad.
         */
        resourceConditions?: {
          /**
           * The kind's group and version.
           */
          apiVersion: string;
          /**
           * The kind; never Secret.
           */
          kind: string;
          /**
           * The condition's type.
           */
          type: string;
          /**
           * The status that is bad.
           */
          status: 'True' | 'False' | 'Unknown';
          /**
           * Only with one of these reasons. Absent, any.
           *
           * @maxItems 32
           *
           * Items: One reason.
           */
          reasons?: string[];
          /**
           * It has to be bad for so long.
           */
          for: string;
          /**
           * The label severity of its alarms.
           */
          severity: string;
          /**
           * Which objects, by their labels. Absent, all.
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
           * Whose objects, by the namespace's labels. Absent, the policy's own; empty, all that let this namespace look (relaykeeper.dev/policies-from).
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
        }[];
        /**
         * POST /v1/alarms/<namespace>/<policy>/<alarm> of the operator (run --webhook-listen), with this bearer token - Alertmanager's webhook, CloudEvents, or the form in docs/alarms.md.
         */
        webhook?: {
          /**
           * The Secret (type Opaque) with the token.
           */
          tokenSecretRef: {
            /**
             * The Secret's name.
             */
            name: string;
            /**
             * The key in it.
             */
            key: string;
          };
          /**
           * An alarm that nobody resolved, and that was not sent again for so long, counts as over. Longer than the sender's repeat interval.
           */
          resolveAfter: string;
        };
        /**
         * This operator's own alarms - a relay that fails, a certificate that runs out.
         */
        relays: boolean;
      };
      /**
       * Only alarms whose labels hold all of these. Absent, all.
       *
       * @maxItems 16
       *
       * Items: One requirement on a label of the alarm.
       */
      match?: {
        /**
         * The label's name.
         */
        key: string;
        /**
         * In and NotIn compare whole values; Matches and NotMatches are RE2 expressions on the whole value, as Alertmanager's =~ and !~. A missing label counts as empty.
         */
        operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Matches' | 'NotMatches';
        /**
         * The values, or expressions; any of them.
         *
         * @maxItems 64
         *
         * Items: One value.
         */
        values?: string[];
      }[];
      /**
       * The labels whose values make a group; one mail is about one group. "..." is every label, a mail for each alarm. Absent, all are one group.
       *
       * @maxItems 16
       *
       * Items: One label's name.
       */
      groupBy?: string[];
      /**
       * What makes an alarm the same one. Normalized leaves ids, times, numbers and hashes in its text out; Exact does not.
       */
      fingerprint: 'Normalized' | 'Exact';
      /**
       * How long a new group waits for more before its first mail.
       */
      groupWait: string;
      /**
       * How long a group waits before a mail about what is new in it.
       */
      groupInterval: string;
      /**
       * When a group in which nothing changed is told again.
       */
      repeatInterval: string;
      /**
       * Whether the end is told too.
       */
      sendResolved: boolean;
      /**
       * While an alarm fires that source matches, those that target matches are not told, where the labels of equal are the same in both.
       *
       * @maxItems 16
       *
       * Items: One rule.
       */
      inhibit?: {
        /**
         * The alarm that says it all.
         *
         * @maxItems 16
         *
         * Items: One requirement on a label of the alarm.
         */
        source: {
          /**
           * The label's name.
           */
          key: string;
          /**
           * In and NotIn compare whole values; Matches and NotMatches are RE2 expressions on the whole value, as Alertmanager's =~ and !~. A missing label counts as empty.
           */
          operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Matches' | 'NotMatches';
          /**
           * The values, or expressions; any of them.
           *
           * @maxItems 64
           *
           * Items: One value.
           */
          values?: string[];
        }[];
        /**
         * The alarms that need not be told then.
         *
         * @maxItems 16
         *
         * Items: One requirement on a label of the alarm.
         */
        target: {
          /**
           * The label's name.
           */
          key: string;
          /**
           * In and NotIn compare whole values; Matches and NotMatches are RE2 expressions on the whole value, as Alertmanager's =~ and !~. A missing label counts as empty.
           */
          operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Matches' | 'NotMatches';
          /**
           * The values, or expressions; any of them.
           *
           * @maxItems 64
           *
           * Items: One value.
           */
          values?: string[];
        }[];
        /**
         * Labels that must have the same value in both; missing and empty are the same.
         *
         * @maxItems 16
         *
         * Items: One label's name.
         */
        equal?: string[];
      }[];
      /**
       * At most so many mails in that time. Past it one mail says how many were held back.
       */
      rateLimit?: {
        /**
         * How many.
         */
        messages: number;
        /**
         * In what time.
         */
        per: string;
      };
      /**
       * Links in the mail, beside the alarm's own (runbook_url, dashboard_url, generatorURL).
       *
       * @maxItems 8
       *
       * Items: One link.
       */
      links?: {
        /**
         * What it is called.
         */
        name: string;
        /**
         * A template (docs/templates.md) that makes an https or http URL, with groupLabels and commonLabels.
         */
        url: string;
      }[];
      /**
       * The IANA time zone of times in the mail.
       */
      timeZone: string;
      /**
       * Who is told.
       */
      notify: {
        /**
         * These addresses.
         *
         * @maxItems 32
         *
         * Items: One address.
         */
        addresses?: string[];
        /**
         * Every account of this namespace labelled relaykeeper.dev/account=admin and relaykeeper.dev/system-alarms=true.
         */
        adminAccounts: boolean;
        /**
         * An annotation of the alarm's namespace that holds an address.
         */
        namespaceAnnotation?: string;
      };
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
         * The same by locale, such as de or pt-BR.
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
     * Told by HTTP when no relay works - mail cannot report its own death.
     */
    lastResort?: {
      /**
       * The Secret (type Opaque) with the URL, https, to which a small JSON document is posted.
       */
      webhookSecretRef: {
        /**
         * The Secret's name.
         */
        name: string;
        /**
         * The key in it.
         */
        key: string;
      };
    };
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
       * Credentials, Reminder or Alarm.
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
       * How many subjects it looks at; of an alarm rule, how many alarms fire.
       */
      subjects?: number;
      /**
       * Of an alarm rule: how many groups are active.
       */
      groups?: number;
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
       * How many are held for review; of an alarm rule, by its rate limit or a quiet period.
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
       * The Message-ID in the mail's header; of one dropped by hand its id alone.
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
       * The server's reply, with its queue id; of one dropped by hand (DroppedByHand) what was said.
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
