// What every language shows of an account or a certificate, in the same order.
import { type Block, when } from './design.ts';

export interface DetailLabels {
  readonly username: string;
  readonly password: string;
  readonly firstName: string;
  readonly lastName: string;
  readonly mobileNumber: string;
  readonly notGiven: string;
  readonly validFrom: string;
  readonly validTo: string;
  readonly personBeingVisited: string;
  readonly reasonForVisit: string;
  readonly namespace: string;
  readonly name: string;
  readonly secret: string;
  readonly relay: string;
  readonly endpoint: string;
  readonly certificateSubject: string;
  readonly dnsNames: string;
  readonly issuer: string;
  readonly expires: string;
}

/** A person's name, as far as it is known. */
export const name =
  '{% if firstName and lastName %}{{ firstName }} {{ lastName }}{% elsif firstName %}{{ firstName }}{% elsif lastName %}{{ lastName }}{% else %}{{ username }}{% endif %}';

export function accountDetails(labels: DetailLabels): Block {
  return {
    kind: 'details',
    rows: [
      { label: labels.username, value: 'username', code: true },
      { label: labels.password, value: 'password', code: true },
      { label: labels.firstName, value: 'firstName' },
      { label: labels.lastName, value: 'lastName' },
      { label: labels.mobileNumber, value: 'mobileNumber', whenEmpty: labels.notGiven },
      { label: labels.validFrom, value: 'validFrom' },
      { label: labels.validTo, value: 'validTo' },
      { label: labels.personBeingVisited, value: 'personBeingVisited' },
      { label: labels.reasonForVisit, value: 'reasonForVisit' },
    ],
  };
}

export function certificateDetails(labels: DetailLabels): Block[] {
  const end = { label: labels.expires, value: 'expiresAt' };
  const place = { label: labels.namespace, value: 'subjectNamespace' };
  const certificate = [
    { label: labels.certificateSubject, value: 'certificateSubject' },
    { label: labels.dnsNames, value: 'dnsNames' },
    { label: labels.issuer, value: 'issuer' },
  ];
  const relay = [
    { label: labels.relay, value: 'subjectName' },
    { label: labels.endpoint, value: 'relayEndpoint' },
  ];
  return [
    when('subjectKind == "Certificate"', {
      kind: 'details',
      rows: [end, { label: labels.secret, value: 'subjectName' }, place, ...certificate],
    }),
    when('subjectKind == "RelayCertificate"', { kind: 'details', rows: [end, ...relay, place, ...certificate] }),
    when('subjectKind == "Resource"', {
      kind: 'details',
      rows: [end, { label: labels.name, value: 'subjectName' }, place],
    }),
  ];
}
