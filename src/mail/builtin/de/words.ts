// Words that the built-in mails in German share.
import type { DetailLabels } from '../details.ts';

export const labels: DetailLabels = {
  username: 'Benutzername',
  password: 'Passwort',
  firstName: 'Vorname',
  lastName: 'Nachname',
  mobileNumber: 'Mobilnummer',
  notGiven: 'k. A.',
  validFrom: 'Gültig ab',
  validTo: 'Gültig bis',
  personBeingVisited: 'Besuchte Person',
  reasonForVisit: 'Grund des Besuchs',
  namespace: 'Namespace',
  secret: 'Secret',
  relay: 'Relay',
  endpoint: 'Server',
  certificateSubject: 'Ausgestellt für',
  dnsNames: 'Namen',
  issuer: 'Aussteller',
  expires: 'Läuft ab',
  name: 'Name',
};

export const footer = 'Automatisch gesendet{% if senderName %} von {{ senderName }}{% endif %}.';
export const helloAccount = 'Guten Tag {{ firstName | default: username }},';
export const toAccount = 'recipientRole == "account"';
export const toOthers = 'recipientRole != "account"';
