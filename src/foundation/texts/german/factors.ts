import { CODES_IN_A_SET, TOTP_DIGITS, TOTP_PERIOD } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { quoted } from './quoted.ts'
import { secondStep } from './sign-in.ts'
import { stated } from './stated.ts'

export const enrolment: Texts['enrolment'] = {
  title: 'Zweiten Schritt einrichten',
  why: 'Ihr Passwort allein reicht hier nicht. Wählen Sie, wie Sie bestätigen, dass Sie es sind. Das dauert etwa eine Minute.',
  nothingAllowed:
    'Die Richtlinien erlauben keinen zweiten Schritt, der sich unter dieser Adresse einrichten lässt. Deshalb können Sie sich noch nicht anmelden. Fragen Sie einen Admin.',
  passkey: 'Passkey',
  recommended: 'Empfohlen',
  passkeyText:
    'Fingerabdruck, Gesicht oder Sicherheitsschlüssel. Am schnellsten und sichersten: vor Phishing geschützt.',
  app: 'Authenticator-App',
  appText: `Ein ${stated.word(TOTP_DIGITS)}stelliger Code aus einer App auf Ihrem Telefon.`,
  appTitle: 'Authenticator-App einrichten',
  passkeyTitle: 'Passkey erstellen',
  passkeyLead:
    'Ihr Browser fragt, wo er den Passkey aufbewahren soll: auf diesem Gerät, in einem Passwort-Manager oder auf einem Sicherheitsschlüssel.',
  passkeyName: 'Name (optional)',
  passkeyNameHint: 'Zum Beispiel „Arbeitslaptop“. Admins können den Namen sehen.',
  create: 'Passkey erstellen',
  noPasskey:
    'Es wurde kein Passkey erstellt. Versuchen Sie es noch einmal, oder verwenden Sie ein anderes Gerät oder einen anderen Passwort-Manager.',
  withoutScripts: 'Passkeys brauchen JavaScript. In diesem Browser ist es ausgeschaltet.',
  usePasskey: 'Stattdessen einen Passkey verwenden',
  useApp: 'Stattdessen eine Authenticator-App verwenden',
  which: 'Welche App soll ich verwenden?',
  whichText:
    'Jede Authenticator-App eignet sich, auch viele Passwort-Manager. Wenn Sie noch keine haben, installieren Sie Aegis, 2FAS, Ente Auth, Google Authenticator oder Microsoft Authenticator.',
  scan: 'Scannen Sie diesen Code mit Ihrer Authenticator-App',
  qrLabel:
    'QR-Code für Ihre Authenticator-App. Wenn Sie nicht scannen können, verwenden Sie den Einrichtungsschlüssel.',
  setupKey: 'Oder Einrichtungsschlüssel eingeben',
  otpauth: 'Authenticator-App öffnen',
  otherDevice: 'Mit einem anderen Gerät scannen',
  detailsText: `Zum Einrichten von Hand: zeitbasiert, SHA-1, ${TOTP_DIGITS} Ziffern, alle ${stated.span(TOTP_PERIOD)} ein neuer Code.`,
  enter: 'Code aus der App eingeben',
  submit: 'Code bestätigen',
}

export const passkeyPrompt: Texts['passkeyPrompt'] = {
  waiting: 'Folgen Sie der Abfrage Ihres Browsers.',
  notMade: 'Es wurde kein Passkey erstellt. Versuchen Sie es noch einmal, wenn Sie so weit sind.',
  already: 'Auf diesem Gerät gibt es schon einen Passkey für Sie.',
  insecure: 'Passkeys brauchen HTTPS. Diese Seite wurde über HTTP geöffnet.',
  unsupported:
    'Dieser Browser kennt keine Passkeys. Versuchen Sie es mit einem anderen Browser oder mit einer anderen Methode.',
  misplaced: (publicUrl) => `Passkeys gehen nur unter ${publicUrl}. Öffnen Sie diese Seite dort.`,
  failed: 'Das hat nicht geklappt. Versuchen Sie es noch einmal oder verwenden Sie eine andere Methode.',
}

export const recoveryCodes: Texts['recoveryCodes'] = {
  title: 'Speichern Sie Ihre Wieder\u00ADherstellungs\u00ADcodes',
  lead: 'Telefon oder Passkey verloren? Melden Sie sich stattdessen mit einem dieser Codes an. Jeder gilt einmal. Speichern Sie sie jetzt, denn wir zeigen sie nicht noch einmal.',
  download: 'Herunterladen',
  print: 'Drucken',
  saved: 'Ich habe meine Wieder\u00ADherstellungs\u00ADcodes gespeichert',
  file: {
    name: 'wiederherstellungscodes.txt',
    title: (instance) => `Wiederherstellungscodes für ${instance}`,
    username: (username) => `Benutzername: ${username}`,
    made: (day) => `Erstellt am ${day}`,
    use: `Jeder Code gilt einmal. Melden Sie sich mit Ihrem Passwort an und wählen Sie beim zweiten Schritt ${quoted(secondStep.ways['recovery-code'])}.`,
  },
  asked: {
    title: 'Haben Sie Ihre Wieder\u00ADherstellungs\u00ADcodes?',
    notTicked: 'Kreuzen Sie das Kästchen an, sobald Sie sie gespeichert haben, oder erstellen Sie neue.',
    lead: 'Sie wurden einmal gezeigt. Wenn Sie sie haben, kreuzen Sie das Kästchen an. Wenn nicht, erstellen Sie neue.',
    make: 'Neue Codes erstellen',
  },
  section: {
    title: 'Wieder\u00ADherstellungs\u00ADcodes',
    left: (left, all) => `${left} von ${all} übrig`,
    none: 'Noch keine Wiederherstellungscodes.',
    make: 'Neue Codes erstellen',
  },
  renewal: {
    title: 'Neue Wieder\u00ADherstellungs\u00ADcodes erstellen?',
    question: `Sie bekommen ${stated.word(CODES_IN_A_SET)} neue Codes, die einmal gezeigt werden. Die bisherigen gelten dann nicht mehr.`,
    submit: 'Neue Codes erstellen',
    cancel: 'Abbrechen',
  },
}
