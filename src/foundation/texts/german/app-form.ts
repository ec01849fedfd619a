import { FAMILY_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { stated } from './stated.ts'

const kinds = {
  web: { label: 'Web-App mit Server', hint: 'Zum Beispiel Nextcloud oder Grafana. Sie bekommt ein Geheimnis.' },
  browser: {
    label: 'Seite im Browser',
    hint: 'Nur JavaScript, ohne eigenen Server. Sie bekommt kein Geheimnis.',
  },
  native: {
    label: 'Programm auf einem Gerät',
    hint: 'Auf Telefon oder Computer. Es bekommt kein Geheimnis.',
  },
}

export const appForm: Texts['appForm'] = {
  newTitle: 'App eintragen',
  newLead: 'Danach bekommen Sie die Angaben, die Sie in die App kopieren.',
  changeTitle: (name) => `${name} ändern`,
  changeLead: 'Änderungen gelten ab der nächsten Anmeldung. Manche beenden offene Anmeldungen.',
  name: 'Name der App',
  nameHint: 'Man sieht ihn bei der Anmeldung.',
  kind: 'Was für eine App ist es?',
  kinds,
  redirectUris: 'Redirect-URIs',
  redirectUrisHint:
    'Wohin man nach der Anmeldung kommt, eine Adresse pro Zeile. In der Anleitung der App heißt sie „Redirect-URI“ oder „Callback-URL“. Beispiel: https://notes.example.org/callback',
  create: 'App eintragen',
  more: 'Weitere Einstellungen',
  moreHint: 'Für die meisten Apps passen sie so.',
  signingIn: 'Angemeldet bleiben',
  refreshTokens: 'Die App darf ihre Anmeldung erneuern',
  refreshTokensHint: 'Ohne neue Frage, solange die Person hier angemeldet ist.',
  offline: 'Sie darf danach angemeldet bleiben',
  offlineHint: `Für Apps, die im Hintergrund arbeiten. Bis zu ${stated.span(FAMILY_LIFETIME)}, bis sich das Konto ändert oder Sie es beenden.`,
  logoutUris: 'Nach der Abmeldung',
  logoutUrisHint:
    'Wohin die App nach der Abmeldung führen darf, eine Adresse pro Zeile. Lassen Sie es leer, wenn Sie es nicht wissen.',
  learns: 'Was die App erfährt',
  scopes: {
    profile: { label: 'Profil', hint: 'Benutzername, voller Name, Sprache und Zeitzone.' },
    email: { label: 'E-Mail', hint: 'Nur wenn sie bestätigt ist.' },
    roles: { label: 'Rolle', hint: 'Manche Apps machen Personen mit der Rolle admin zu ihren Admins.' },
  },
  shared: 'Gruppen',
  sharedHint: 'Welche Gruppen einer Person die App sieht.',
  sharedChoices: { none: 'Keine', some: 'Nur diese', all: 'Alle' },
  groups: 'Namen der Gruppen',
  groupsHint: 'Durch Semikolon getrennt.',
  attributes: 'Attribute',
  attributesHint: 'Die App bekommt sie als Claims.',
  claim: 'Name des Claims',
  compatibility: 'Für ältere oder besondere Apps',
  rs256: 'ID-Tokens mit RS256 signieren',
  rs256Hint: 'Für ältere Apps, die ES256 nicht kennen.',
  keepsSecret: 'Ein Geheimnis vergeben',
  keepsSecretHint: 'Für Programme auf einem Gerät, die eines verlangen.',
  secretInBody: 'Die App sendet ihr Geheimnis im Inhalt der Anfrage',
  secretInBodyHint: 'Für Apps, die nur client_secret_post kennen.',
  claimsInIdToken: 'Alles in das ID-Token schreiben',
  claimsInIdTokenHint: 'Für Apps, die nie beim Userinfo-Endpunkt fragen.',
  weaker: 'Schwächerer Schutz',
  weakerLead: 'Nur wenn die App nicht anders kann. Die Prüfung des Servers erinnert Sie daran.',
  noPkce: 'Anmeldung ohne PKCE',
  noPkceHint: 'PKCE schützt vor abgefangenen Anmeldungen. Schalten Sie es in der App ein, wenn das geht.',
  allowHttp: 'http im eigenen Netz erlauben',
  allowHttpHint:
    'Für Apps in einem privaten Netz ohne Zertifikate. Wer in diesem Netz ist, kann eine Anmeldung übernehmen.',
  unverifiedEmail: 'Auch nicht bestätigte E-Mail-Adressen senden',
  unverifiedEmailHint: 'Erkennt die App Personen an der Adresse, lässt sich dort ein Konto übernehmen.',
}
