// Setting up the second step.
import type { enrolment as englishEnrolment } from '../english/enrolment.ts'

export const enrolment: typeof englishEnrolment = {
  title: 'Zweiten Schritt einrichten',
  why: (instance) => `${instance} verlangt einen zweiten Schritt. Ihn einzurichten dauert etwa eine Minute.`,
  passkey: 'Passkey',
  passkeyText:
    'Fingerabdruck, Gesicht oder Sicherheitsschlüssel. Am schnellsten, und kein Betrüger kann ihn abfischen.',
  app: 'Authenticator-App',
  appText: 'Ein sechsstelliger Code von Ihrem Telefon.',
  appTitle: 'Authenticator-App einrichten',
  passkeyTitle: 'Passkey erstellen',
  passkeyLead:
    'Ihr Browser fragt, wo er den Passkey aufbewahren soll: auf diesem Gerät, in einem Passwort-Manager oder auf einem Sicherheitsschlüssel.',
  passkeyName: 'Name (freiwillig)',
  passkeyNameHint: 'Etwa das Gerät, auf dem er ist. Admins sehen den Namen auch.',
  create: 'Passkey erstellen',
  noPasskey:
    'Es wurde kein Passkey erstellt. Versuchen Sie es noch einmal, oder nehmen Sie ein anderes Gerät oder einen anderen Passwort-Manager.',
  withoutScripts: 'Ein Passkey braucht JavaScript, das dieser Browser hier nicht ausführt.',
  usePasskey: 'Stattdessen einen Passkey nehmen',
  useApp: 'Stattdessen eine Authenticator-App nehmen',
  open: 'Öffnen Sie Ihre Authenticator-App',
  which: 'Welche App?',
  whichText:
    'Jede App, die sechsstellige Codes zeigt, ist recht; auch viele Passwort-Manager können das. Haben Sie noch keine, installieren Sie zuerst eine auf Ihrem Telefon: zum Beispiel Aegis, 2FAS, Ente Auth, Google Authenticator oder Microsoft Authenticator.',
  scan: 'Scannen Sie diesen Code mit der App',
  qrLabel: 'QR-Code für Ihre Authenticator-App. Können Sie nicht scannen, nehmen Sie den Einrichtungsschlüssel.',
  setupKey: 'Oder tippen Sie diesen Einrichtungsschlüssel ein',
  otpauth: 'In einer App auf diesem Gerät öffnen',
  details: 'Angaben für die App',
  detailsText: 'Zeitbasiert, SHA-1, 6 Ziffern, alle 30 Sekunden ein neuer Code.',
  enter: 'Geben Sie den Code ein, den die App zeigt',
  submit: 'Einschalten',
}
