import type { Texts } from '../english.ts'

export const signIn: Texts['signIn'] = {
  title: 'Anmelden',
  ended:
    'Diese Anmeldung hat zu lange gedauert oder ist schon abgeschlossen. Melden Sie sich neu an oder, wenn ein Link Sie hierher brachte, öffnen Sie diesen noch einmal.',
  idle: (span) => `Sie wurden abgemeldet: Diese Sitzung wurde ${span} lang nicht benutzt.`,
  tooOld: (span) => `Sie wurden abgemeldet: Jede Sitzung gilt höchstens ${span}.`,
  over: 'Sie sind abgemeldet. Melden Sie sich neu an.',
  missing: {
    username: 'Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.',
    password: 'Geben Sie Ihr Passwort ein.',
  },
  cannot: 'Probleme beim Anmelden?',
  withPasskey: 'Mit einem Passkey anmelden',
  turnedOff: 'Dieses Konto ist deaktiviert',
  askAbout: (instance) => `Wenden Sie sich an die Menschen, die ${instance} betreuen.`,
  ask: 'Wenden Sie sich an:',
}

export const secondStep: Texts['secondStep'] = {
  title: 'Zweiter Schritt',
  signingInAs: 'Sie melden sich an als',
  notYou: 'Das sind nicht Sie?',
  submit: 'Anmelden',
  usePasskey: 'Passkey benutzen',
  passkeyLead: 'Ihr Browser fragt nach Ihrem Passkey: Finger, Gesicht, PIN oder Sicherheitsschlüssel.',
  withoutScripts: 'Ohne JavaScript kann ein Browser keinen Passkey vorzeigen.',
  otherWays: 'Andere Wege',
  ways: {
    passkey: 'Passkey benutzen',
    totp: 'Code aus der Authenticator-App benutzen',
    'recovery-code': 'Wiederherstellungscode benutzen',
  },
  cannot: 'Nichts davon steht mir zur Verfügung',
}

export const recovered: Texts['recovered'] = {
  title: 'Sie sind angemeldet',
  used: (left) => `Sie haben einen Wiederherstellungscode benutzt. ${rest(left)}`,
  lost: { app: 'Telefon verloren?', passkey: 'Passkey verloren?' },
  replace: {
    app: 'Ein neues einrichten',
    passkey: 'Einen neuen hinzufügen, dann den alten entfernen',
  },
  few: 'Erstellen Sie neue Codes, bevor keiner mehr übrig ist.',
  makeNew: 'Neue Codes erstellen',
}

export const signInHelp: Texts['signInHelp'] = {
  title: 'Hilfe beim Anmelden',
  lead: 'Kennen Sie Ihr Passwort und haben Sie einen Wiederherstellungscode, geben Sie zuerst das Passwort ein und benutzen Sie den Code als zweiten Schritt. Sonst kann ein Admin Ihnen wieder Zugang geben: mit einer neuen Einladung oder indem er Ihren zweiten Schritt zurücksetzt.',
  tell: 'Nennen Sie:',
  telling: [
    'Ihren Benutzernamen',
    'was fehlt: Ihr Passwort, Ihre Authenticator-App, Ihr Passkey oder mehreres davon',
    'wie man Sie erreicht, um sicherzugehen, dass Sie es sind',
  ],
  never: 'Nennen Sie niemandem Ihr Passwort oder einen Code. Kein Admin braucht sie.',
  ownServer: 'Sie betreuen diesen Server selbst?',
  ownServerText:
    'Lassen Sie Ihren zweiten Schritt von einem anderen Admin zurücksetzen. Gibt es keinen, führen Sie das auf dem Server aus, mit Ihrem Benutzernamen:',
  command: 'user reset-second-factor BENUTZERNAME',
  back: 'Zurück zur Anmeldung',
}

export const signOut: Texts['signOut'] = {
  title: 'Abmelden',
  submit: 'Abmelden',
  question: 'Sie sind angemeldet als',
  stay: 'Angemeldet bleiben',
  done: 'Sie sind abgemeldet',
  doneText: 'Die Sitzung in diesem Browser ist beendet.',
}

function rest(left: number): string {
  if (left === 0) return 'Es ist keiner mehr übrig.'
  return left === 1 ? 'Es ist noch einer übrig.' : `Es sind noch ${left} übrig.`
}

export const confirm: Texts['confirm'] = {
  title: 'Bestätigen Sie, dass Sie es sind',
  leads: {
    password: 'Dafür braucht es noch einmal Ihr Passwort.',
    totp: 'Dafür braucht es noch einmal Ihr Passwort und einen Code.',
    'recovery-code': 'Dafür braucht es Ihr Passwort und einen Ihrer Wiederherstellungscodes.',
    passkey: 'Dafür braucht es noch einmal Ihren Passkey.',
  },
  lasts: (minutes) => `Danach werden Sie ${minutes} lang nicht wieder gefragt.`,
  wrongPassword: 'Dieses Passwort passt nicht. Prüfen Sie es und versuchen Sie es noch einmal.',
  wrongRecoveryCode:
    'Passwort und Wiederherstellungscode passen nicht zusammen. Prüfen Sie beide; ein benutzter Code gilt nicht noch einmal.',
  nothingDone:
    'Es wurde nichts geändert. Nach der Bestätigung sind Sie wieder auf der Seite, von der Sie kamen, und können ihr Formular noch einmal senden.',
  submit: 'Bestätigen',
  until: 'Sie haben sich bestätigt und werden nicht wieder gefragt bis',
}
