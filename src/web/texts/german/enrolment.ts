// Setting up the second step.
import type { enrolment as englishEnrolment } from '../english/enrolment.ts'

export const enrolment: typeof englishEnrolment = {
  title: 'Zweiten Schritt einrichten',
  why: (instance) => `${instance} verlangt einen zweiten Schritt. Das dauert etwa eine Minute.`,
  open: 'Öffnen Sie Ihre Authenticator-App',
  which: 'Welche App?',
  whichText:
    'Jede App, die sechsstellige Codes zeigt, ist recht; auch viele Passwort-Manager können das. Haben Sie noch keine, installieren Sie zuerst eine auf Ihrem Telefon: zum Beispiel Aegis, 2FAS, Ente Auth, Google Authenticator oder Microsoft Authenticator.',
  scan: 'Scannen Sie damit diesen Code',
  qrLabel: 'QR-Code für Ihre Authenticator-App. Können Sie nicht scannen, nehmen Sie den Einrichtungsschlüssel.',
  setupKey: 'Oder tippen Sie diesen Einrichtungsschlüssel ein',
  otpauth: 'In einer App auf diesem Gerät öffnen',
  details: 'Angaben für die App',
  detailsText: 'Zeitbasiert, SHA-1, 6 Ziffern, alle 30 Sekunden ein neuer Code.',
  enter: 'Geben Sie den Code ein, den die App zeigt',
  submit: 'Einschalten',
}
