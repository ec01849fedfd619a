// Signing in and out.
import type {
  recovered as englishRecovered,
  secondStep as englishSecondStep,
  signIn as englishSignIn,
  signInHelp as englishSignInHelp,
  signOut as englishSignOut,
} from '../english/sign-in.ts'

export const signIn: typeof englishSignIn = {
  title: 'Anmelden',
  ended:
    'Das hat zu lange gedauert oder ist schon erledigt. Beginnen Sie neu: Melden Sie sich hier an oder öffnen Sie Ihren Link noch einmal.',
  idle: (span) => `Sie wurden abgemeldet: Diese Sitzung wurde ${span} lang nicht benutzt.`,
  tooOld: (span) => `Sie wurden abgemeldet: Jede Sitzung gilt höchstens ${span}.`,
  over: 'Sie sind abgemeldet. Melden Sie sich neu an.',
  cannot: 'Probleme beim Anmelden?',
  withPasskey: 'Mit einem Passkey anmelden',
  turnedOff: 'Dieses Konto ist deaktiviert',
  askAbout: (instance) => `Wenden Sie sich an die Menschen, die ${instance} betreuen.`,
  ask: 'Wenden Sie sich an:',
}

export const secondStep: typeof englishSecondStep = {
  title: 'Zweiter Schritt',
  signingInAs: 'Sie melden sich an als',
  notYou: 'Das sind nicht Sie?',
  submit: 'Anmelden',
  usePasskey: 'Passkey benutzen',
  passkeyLead: 'Ihr Browser fragt danach: Finger, Gesicht, PIN oder Sicherheitsschlüssel.',
  withoutScripts: 'Ohne JavaScript kann ein Browser keinen Passkey vorzeigen.',
  otherWays: 'Andere Wege',
  ways: {
    passkey: 'Passkey benutzen',
    totp: 'Code der Authenticator-App benutzen',
    'recovery-code': 'Wiederherstellungscode benutzen',
  },
  cannot: 'Nichts davon steht mir zur Verfügung',
}

export const recovered: typeof englishRecovered = {
  title: 'Sie sind angemeldet',
  used: (left) => `Sie haben einen Wiederherstellungscode benutzt. ${rest(left)}`,
  left: (left) => {
    if (left === 0) return 'Sie haben keine Wiederherstellungscodes mehr.'
    return `Sie haben noch ${left} ${left === 1 ? 'Wiederherstellungscode' : 'Wiederherstellungscodes'}.`
  },
  lost: 'Telefon verloren?',
  replace: 'Ein neues einrichten',
  few: 'Erstellen Sie neue Codes, bevor keiner mehr übrig ist.',
  makeNew: 'Neue Codes erstellen',
}

export const signInHelp: typeof englishSignInHelp = {
  title: 'Hilfe beim Anmelden',
  lead: 'Ein Admin kann Ihnen wieder Zugang geben: mit einer neuen Einladung oder indem er Ihren zweiten Schritt zurücksetzt.',
  tell: 'Nennen Sie:',
  telling: [
    'Ihren Benutzernamen',
    'was fehlt: das Passwort, das Telefon mit der Authenticator-App oder beides',
    'wie man Sie erreicht, um sicherzugehen, dass Sie es sind',
  ],
  never: 'Nennen Sie niemandem Ihr Passwort oder einen Code. Kein Admin braucht sie.',
  ownServer: 'Sie betreuen diesen Server selbst?',
  ownServerText:
    'Lassen Sie Ihren zweiten Schritt von einem anderen Admin zurücksetzen. Gibt es keinen, führen Sie das auf dem Server aus, mit Ihrem Benutzernamen:',
  command: 'doorward user reset-second-factor USERNAME',
  back: 'Zurück zur Anmeldung',
}

export const signOut: typeof englishSignOut = {
  title: 'Abmelden',
  submit: 'Abmelden',
  question: 'Sie sind angemeldet als',
  done: 'Sie sind abgemeldet',
  doneText: 'Die Sitzung in diesem Browser ist beendet.',
}

function rest(left: number): string {
  if (left === 0) return 'Es ist keiner mehr übrig.'
  return left === 1 ? 'Es ist noch einer übrig.' : `Es sind noch ${left} übrig.`
}
