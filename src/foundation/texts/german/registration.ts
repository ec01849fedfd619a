import { MAILS_AN_HOUR, REGISTRATION_LINK_LIFETIME, WAITING_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { stated, statedDative } from './stated.ts'

export const registration: Texts['registration'] = {
  title: 'Konto erstellen',
  lead: (instance) =>
    `Geben Sie Ihre E-Mail-Adresse ein. Wir senden Ihnen einen Link, mit dem Sie Ihr Konto bei ${instance} erstellen.`,
  domains: (domains) => `Nur mit Adressen dieser Domains können Sie sich registrieren: ${domains}.`,
  email: 'E-Mail-Adresse',
  submit: 'Link senden',
  link: 'Konto erstellen',
  haveAccount: 'Schon ein Konto? Anmelden',
  working: 'Ihr Browser wird kurz geprüft. Das schützt vor automatischen Registrierungen und dauert ein paar Sekunden.',
  solved: 'Ihr Browser wurde geprüft.',
  needsScript:
    'Diese Seite braucht JavaScript, weil Ihr Browser zuerst kurz geprüft wird. Schalten Sie es ein, oder bitten Sie einen Admin um eine Einladung.',
  sent: 'Prüfen Sie Ihr Postfach',
  sentText: `Wir haben Ihnen eine E-Mail gesendet. Öffnen Sie den Link darin, um Ihr Konto zu erstellen. Der Link ist ${stated.spelled(REGISTRATION_LINK_LIFETIME)} gültig. Wenn Sie schon ein Konto haben, steht das in der E-Mail.`,
  sentNothing: `Nichts angekommen? Sehen Sie im Spam-Ordner nach und prüfen Sie die Schreibweise Ihrer Adresse. Sie können pro Stunde ${stated.word(MAILS_AN_HOUR)} Links anfordern.`,
  sentAgain: 'Eine andere Adresse verwenden',
  detailsTitle: 'Ihr Konto erstellen',
  detailsLead: (email) => `Sie haben ${email} bestätigt. Wählen Sie einen Benutzernamen und ein Passwort.`,
  thenSecondStep: 'Danach richten Sie Ihren zweiten Schritt ein.',
  thenApproval: 'Danach gibt ein Admin Ihr Konto frei.',
  expired: 'Dieser Link ist abgelaufen',
  used: 'Dieser Link wurde schon verwendet',
  unknown: 'Dieser Link funktioniert nicht',
  refusedText: 'Fordern Sie einen neuen an. Wenn Sie Ihr Konto schon erstellt haben, melden Sie sich an.',
  again: 'Neuen Link anfordern',
  waitingTitle: 'Wartet auf Freigabe',
  waitingText: 'Sie bekommen eine E-Mail, sobald ein Admin entschieden hat. Vorher können Sie sich nicht anmelden.',
  waitingLimit: `Nach ${statedDative.span(WAITING_LIFETIME)} ohne Entscheidung wird Ihre Anfrage gelöscht.`,
}

export const registrations: Texts['registrations'] = {
  title: 'Registrierungen',
  lead: `Diese Personen haben ihre E-Mail-Adresse bestätigt und warten auf Ihre Entscheidung. Nach ${statedDative.span(WAITING_LIFETIME)} ohne Entscheidung wird eine Registrierung gelöscht.`,
  caption: 'Wartende Registrierungen',
  username: 'Benutzername',
  email: 'E-Mail',
  fullName: 'Vollständiger Name',
  submitted: 'Registriert',
  expires: 'Wird gelöscht am',
  none: { title: 'Niemand wartet', text: 'Wer sich selbst registriert, wartet hier auf Ihre Entscheidung.' },
  off: 'Registrierung mit Freigabe ist aus. Schalten Sie sie mit der Einstellung registration ein.',
  view: 'Prüfen',
  one: (username) => `Registrierung von ${username}`,
  approveLead:
    'Die Freigabe erstellt das Konto mit der Rolle Benutzer und benachrichtigt die Person per E-Mail. Den zweiten Schritt richtet sie bei der ersten Anmeldung ein.',
  approve: 'Freigeben',
  declineTitle: (username) => `Registrierung von ${username} ablehnen?`,
  declineLead: 'Die Ablehnung löscht die Eingaben der Person und teilt ihr Ihren Grund per E-Mail mit.',
  reason: 'Grund',
  decline: 'Ablehnen',
  cancel: 'Abbrechen',
  done: {
    approved: 'Freigegeben. Die Person wurde per E-Mail benachrichtigt.',
    declined: 'Abgelehnt. Die Person wurde per E-Mail benachrichtigt.',
    decided: 'Über diese Registrierung wurde schon entschieden, oder sie ist abgelaufen.',
  },
  inUsers: (count) => (count === 1 ? '1 Person wartet auf Freigabe' : `${count} Personen warten auf Freigabe`),
}
