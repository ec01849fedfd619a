import type { Texts } from '../english.ts'

export const tokens: Texts['tokens'] = {
  title: 'API-Tokens',
  lead: 'Schlüssel für Skripte. Jeder handelt in Ihrem Namen, nur mit dem, was Sie für ihn ausgewählt haben, bis er abläuft.',
  table: 'Ihre API-Tokens',
  none: 'Keine API-Tokens. Erstellen Sie eines, um die API aus einem Skript zu benutzen.',
  name: 'Name',
  may: 'Es darf',
  made: 'Erstellt',
  lastUsed: 'Zuletzt benutzt',
  expires: 'Läuft ab',
  actions: 'Widerrufen',
  revoke: 'Widerrufen',
  add: 'Neues API-Token',
  liveOn: (count) => (count === 1 ? 'Ein API-Token gilt weiter.' : `${count} API-Tokens gelten weiter.`),
  liveOnLink: (count) => (count === 1 ? 'Ansehen' : 'Alle ansehen'),
  scopes: {
    'self:read': { name: 'Mein Konto sehen', hint: 'Profil und Aktivität.' },
    'self:write': { name: 'Mein Konto ändern', hint: 'Das Profil. Nie das Passwort oder den zweiten Schritt.' },
    'users:read': { name: 'Alle Konten sehen', hint: 'Benutzer, Übersicht und Prüfung, wie Sie sie als Admin sehen.' },
    'users:write': {
      name: 'Alle Konten ändern',
      hint: 'Benutzer anlegen, ändern, einladen, deaktivieren und abmelden.',
    },
    'users:reset-factors': {
      name: 'Zweite Schritte zurücksetzen',
      hint: 'Braucht eine frische Bestätigung, die kein Token geben kann.',
    },
    'audit:read': { name: 'Alle Aktivität lesen', hint: 'Alles, was hier geschehen ist.' },
    'policy:write': { name: 'Die Regeln ändern', hint: 'Was dieser Server von allen verlangt.' },
  },
  newToken: {
    title: 'Neues API-Token',
    lead: 'Geben Sie ihm einen Namen, an dem Sie es erkennen, und nicht mehr Rechte, als das Skript braucht.',
    name: 'Name',
    nameHint: 'Etwa was das Skript tut oder auf welchem Rechner es läuft. Admins sehen ihn auch.',
    scopes: 'Was es darf',
    scopesHint: 'Nie mehr, als Sie selbst dürfen, und nichts, wofür Sie bestätigen müssen, dass Sie es sind.',
    expiry: 'Gilt',
    expiryHint: 'Danach erstellen Sie ein neues.',
    days: (count) => `${count} Tage`,
    submit: 'Token erstellen',
  },
  shown: {
    title: 'Ihr neues API-Token',
    once: 'Kopieren Sie das Token jetzt: Es wird nur dieses eine Mal gezeigt, und niemand kann es Ihnen noch einmal zeigen.',
    token: 'API-Token',
    until: 'Es gilt bis',
    use: 'Benutzen',
    useHint:
      'Lassen Sie Ihr Skript das Token von dort, wo es seine Geheimnisse aufbewahrt, in die Variable TOKEN lesen, dann:',
    command: 'Befehl',
  },
  revocation: {
    title: (name) => `API-Token „${name}“ widerrufen?`,
    question:
      'Was dieses API-Token benutzt, wird ab der nächsten Anfrage abgelehnt. Ein widerrufenes Token lässt sich nicht zurückholen.',
    submit: 'Widerrufen',
    cancel: 'Behalten',
  },
  ofUser: {
    lead: 'Schlüssel, die ihre Skripte benutzen. Niemand außer ihrem Besitzer hat je einen gesehen.',
    table: 'Ihre API-Tokens',
    none: 'Keine API-Tokens.',
    question: (token, owner) => `Das API-Token „${token}“ von ${owner} widerrufen?`,
  },
}
