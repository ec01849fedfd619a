import type { Texts } from '../english.ts'

export const signIn: Texts['signIn'] = {
  title: 'Anmelden',
  ended:
    'Diese Anmeldung hat zu lange gedauert oder ist schon abgeschlossen. Melden Sie sich neu an. Wenn ein Link Sie hierher gebracht hat, öffnen Sie ihn noch einmal.',
  idle: (span) => `Sie wurden abgemeldet: Diese Sitzung wurde ${span} lang nicht verwendet.`,
  tooOld: (span) => `Sie wurden abgemeldet: Eine Sitzung dauert höchstens ${span}.`,
  notEnough:
    'Sie wurden abgemeldet: Dieser Server verlangt jetzt einen stärkeren zweiten Schritt. Melden Sie sich neu an.',
  over: 'Sie sind abgemeldet. Melden Sie sich neu an.',
  unsaved: 'Ihre Änderung wurde nicht gespeichert.',
  kept: 'Ihre Änderung ist noch nicht gespeichert. Nach der Anmeldung können Sie sie prüfen und speichern.',
  missing: {
    username: 'Geben Sie Ihren Benutzernamen oder Ihre E-Mail-Adresse ein.',
    password: 'Geben Sie Ihr Passwort ein.',
  },
  cannot: 'Probleme beim Anmelden?',
  forgot: 'Vergessen?',
  newHere: 'Neu hier?',
  withPasskey: 'Mit einem Passkey anmelden',
  turnedOff: 'Dieses Konto ist deaktiviert',
  askAbout: (instance) => `Wenden Sie sich an einen Admin von ${instance}.`,
  ask: 'Wenden Sie sich an:',
}

export const secondStep: Texts['secondStep'] = {
  title: 'Zweiter Schritt',
  signingInAs: 'Sie melden sich an als',
  notYou: 'Nicht Sie?',
  submit: 'Anmelden',
  usePasskey: 'Passkey verwenden',
  passkeyLead: 'Ihr Browser fragt nach Fingerabdruck, Gesicht, PIN oder Sicherheitsschlüssel.',
  withoutScripts: 'Passkeys brauchen JavaScript. In diesem Browser ist es ausgeschaltet.',
  otherWays: 'Andere Methoden',
  ways: {
    passkey: 'Passkey verwenden',
    totp: 'Code aus der Authenticator-App verwenden',
    'recovery-code': 'Wiederherstellungscode verwenden',
  },
  cannot: 'Nichts davon möglich?',
}

export const recovered: Texts['recovered'] = {
  title: 'Sie sind angemeldet',
  used: (left) => `Wiederherstellungscode verwendet. ${rest(left)}`,
  lost: { app: 'Telefon verloren?', passkey: 'Passkey verloren?' },
  replace: {
    app: 'Ein neues einrichten',
    passkey: 'Einen neuen hinzufügen, dann den alten entfernen',
  },
  makeNew: 'Neue Codes erstellen',
}

export const signInHelp: Texts['signInHelp'] = {
  title: 'Hilfe beim Anmelden',
  byMail: 'Link per E-Mail erhalten und ein neues wählen',
  withCode: 'Mit einem Wiederherstellungscode',
  withCodeText: 'Geben Sie zuerst das Passwort ein und verwenden Sie den Code als zweiten Schritt.',
  byAdmin: 'Sonst: einen Admin bitten',
  byAdminText: 'Ein Admin kann Sie neu einladen oder Ihren zweiten Schritt zurücksetzen.',
  toSay: 'Das sollten Sie nennen',
  sayings: {
    username: 'Ihren Benutzernamen',
    lost: 'Was Sie verloren haben: Passwort, App oder Passkey',
    contact: 'Wie man Sie erreicht, um sicherzugehen, dass Sie es sind',
  },
  never: 'Nennen Sie niemandem Ihr Passwort oder einen Code. Kein Admin fragt danach.',
  ownServer: 'Sind Sie der Admin?',
  ownServerText:
    'Lassen Sie Ihren zweiten Schritt von einem anderen Admin zurücksetzen. Wenn es keinen gibt, führen Sie auf dem Server mit Ihrem Benutzernamen aus:',
  command: 'user reset-second-factor BENUTZERNAME --reason telefon-verloren',
  back: 'Zurück zur Anmeldung',
}

export const signOut: Texts['signOut'] = {
  title: 'Abmelden',
  submit: 'Abmelden',
  question: 'Sie sind angemeldet als',
  stay: 'Abbrechen',
  done: 'Sie sind abgemeldet',
  doneText: 'Ihre anderen Geräte bleiben angemeldet.',
}

function rest(left: number): string {
  if (left === 0) return 'Keiner mehr übrig.'
  return `Noch ${left} übrig.`
}

export const confirm: Texts['confirm'] = {
  title: 'Bestätigen Sie, dass Sie es sind',
  leads: {
    password: 'Geben Sie Ihr Passwort ein, um fortzufahren.',
    totp: 'Geben Sie Ihr Passwort und einen Code ein, um fortzufahren.',
    'recovery-code': 'Geben Sie Ihr Passwort und einen Wiederherstellungscode ein, um fortzufahren.',
    passkey: 'Verwenden Sie Ihren Passkey, um fortzufahren.',
  },
  lasts: (minutes) => `Danach fragen wir ${minutes} lang nicht wieder.`,
  wrongPassword: 'Dieses Passwort passt nicht. Prüfen Sie es und versuchen Sie es noch einmal.',
  wrongRecoveryCode:
    'Passwort und Wiederherstellungscode passen nicht zusammen. Prüfen Sie beide. Jeder Wiederherstellungscode gilt nur einmal.',
  nothingDone: 'Es wurde noch nichts geändert. Nach der Bestätigung kommen Sie zurück und können noch einmal absenden.',
  submit: 'Bestätigen',
  until: 'Bestätigt. Wir fragen erst wieder nach',
  unmet: {
    passkeyTitle: 'Hierfür ist ein Passkey nötig',
    passkey: 'Ihr Konto hat noch keinen Passkey.',
    addPasskey: 'Passkey hinzufügen',
    passkeyNotAllowed: 'Ihr Konto kann hier keinen Passkey haben. Fragen Sie einen Admin.',
    secondStepTitle: 'Hierfür ist ein zweiter Schritt nötig',
    secondStep: 'Ihr Konto hat keinen zweiten Schritt, der hier verwendet werden kann.',
    addSecondStep: 'Zweiten Schritt einrichten',
  },
}
