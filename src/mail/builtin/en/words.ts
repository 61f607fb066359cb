// Words that the built-in mails in English share.
import type { DetailLabels } from '../details.ts';

export const labels: DetailLabels = {
  username: 'User name',
  password: 'Password',
  firstName: 'First name',
  lastName: 'Last name',
  mobileNumber: 'Mobile number',
  notGiven: 'NA',
  validFrom: 'Valid from',
  validTo: 'Valid to',
  personBeingVisited: 'Person being visited',
  reasonForVisit: 'Reason for visit',
  namespace: 'Namespace',
  secret: 'Secret',
  relay: 'Relay',
  endpoint: 'Server',
  certificateSubject: 'Issued to',
  dnsNames: 'Names',
  issuer: 'Issuer',
  expires: 'Expires',
  name: 'Name',
};

export const footer = 'Sent automatically{% if senderName %} by {{ senderName }}{% endif %}.';
export const helloAccount = 'Hello {{ firstName | default: username }},';
export const toAccount = 'recipientRole == "account"';
export const toOthers = 'recipientRole != "account"';
