import { ANSWER_LIFETIME, CONFIRMATION_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { MailTexts } from '../english/mail-texts.ts'
import type { noticeMails as english } from '../english/notice-mails.ts'
import { stated } from './stated.ts'

function notice(heading: string, what: string, ...more: readonly string[]): MailTexts {
  return asking(WAS_IT_YOU, heading, [what, ...more])
}

function noticeOfHelp(heading: string, what: string): MailTexts {
  return asking(DID_YOU_ASK, heading, [what])
}

function asking(question: readonly string[], heading: string, paragraphs: readonly string[]): MailTexts {
  return {
    subject: `{instance}: ${heading}`,
    heading,
    paragraphs: [...paragraphs, ...FACTS, ...question],
    button: 'Das war ich nicht',
    after: [`Der Link funktioniert einmal und ist ${stated.span(ANSWER_LIFETIME)} gültig.`, LAST_ADMIN],
  }
}

const FACTS = ['Wann: {happened_at}', 'Gerät: {device}', 'IP-Adresse: {address}', 'Veranlasst von: {admin}']
const IF_NOT =
  'Wenn nicht, öffnen Sie den Link unten. Er meldet Sie überall ab und widerruft Ihre API-Tokens. Danach prüfen Sie Ihr Konto.'
const WAS_IT_YOU = ['Wenn Sie das waren, ist nichts zu tun.', IF_NOT]
const DID_YOU_ASK = ['Wenn Sie darum gebeten haben, ist nichts zu tun.', IF_NOT]
const LAST_ADMIN =
  'Sie sind der einzige aktive Admin. Falls die Kontoprüfung beim Anmelden nicht möglich ist, hebt dieser Befehl auf dem Server sie auf: {command}'

/** Same order as in English. */
export const noticeMails: typeof english = {
  'notice-joined': {
    subject: 'Willkommen bei {instance}',
    heading: 'Willkommen bei {instance}',
    paragraphs: [
      'Ihr Konto ist eingerichtet. Melden Sie sich auf {server} als {name} an.',
      'Wenn Sie Telefon oder Passkey verlieren, verwenden Sie stattdessen einen Ihrer {recovery_codes} Wiederherstellungscodes als zweiten Schritt.',
      ...FACTS,
      'Wenn Sie dieses Konto nicht eingerichtet haben, öffnen Sie den Link unten. Er beendet alle Sitzungen des Kontos und widerruft seine API-Tokens. Danach muss ein Admin das Konto prüfen, bevor sich jemand anmelden kann.',
    ],
    button: 'Das war ich nicht',
    after: [`Der Link funktioniert einmal und ist ${stated.span(ANSWER_LIFETIME)} gültig.`, LAST_ADMIN],
  },
  'notice-first-device': notice(
    'Anmeldung auf einem weiteren Gerät',
    'Ihr neues Konto wurde zum ersten Mal auf einem weiteren Gerät verwendet, zum Beispiel auf Ihrem Telefon oder in einem zweiten Browser.',
  ),
  'notice-new-device': notice(
    'Neue Anmeldung',
    'Jemand hat sich mit einem Gerät, das wir nicht kennen, an Ihrem Konto angemeldet.',
  ),
  'notice-password-changed': notice('Passwort geändert', 'Das Passwort Ihres Kontos wurde geändert.'),
  'notice-password-set': noticeOfHelp('Neues Passwort vergeben', 'Für Ihr Konto wurde ein neues Passwort vergeben.'),
  'notice-password-reset': notice(
    'Passwort zurückgesetzt',
    'Das Passwort Ihres Kontos wurde mit einem zugesandten Link zurückgesetzt.',
    'Widerrufene API-Tokens: {revoked_tokens}',
    'API-Tokens, die weiter funktionieren: {kept_tokens}',
  ),
  'notice-app-added': notice('Authenticator-App hinzugefügt', 'Ihrem Konto wurde eine Authenticator-App hinzugefügt.'),
  'notice-app-replaced': notice('Authenticator-App ersetzt', 'Eine Authenticator-App Ihres Kontos wurde ersetzt.'),
  'notice-app-removed': notice('Authenticator-App entfernt', 'Eine Authenticator-App wurde von Ihrem Konto entfernt.'),
  'notice-passkey-added': notice('Passkey hinzugefügt', 'Ihrem Konto wurde ein Passkey hinzugefügt.'),
  'notice-passkey-removed': notice('Passkey entfernt', 'Ein Passkey wurde von Ihrem Konto entfernt.'),
  'notice-recovery-codes-made': notice(
    'Neue Wiederherstellungscodes',
    'Für Ihr Konto wurden neue Wiederherstellungscodes erstellt. Die bisherigen funktionieren nicht mehr.',
  ),
  'notice-recovery-code-used': notice(
    'Wiederherstellungscode verwendet',
    'Jemand hat sich mit einem Wiederherstellungscode an Ihrem Konto angemeldet.',
  ),
  'notice-device-replayed': notice(
    'Vertrautes Gerät entfernt',
    'Jemand hat eine alte Kopie vom Cookie eines vertrauten Geräts mit Ihrem Passwort verwendet. Wir haben dieses Gerät entfernt. Wenn Sie eine Sicherung eingespielt oder den Browser gewechselt haben, waren das vielleicht Sie.',
  ),
  'notice-factors-reset': noticeOfHelp(
    'Zweiter Schritt zurückgesetzt',
    'Der zweite Schritt Ihres Kontos wurde zurückgesetzt: Alle Apps, Passkeys und Wiederherstellungscodes wurden entfernt.',
  ),
  'notice-unlocked': noticeOfHelp(
    'Anmeldung entsperrt',
    'Die Anmeldung an Ihrem Konto wurde nach Fehlversuchen entsperrt.',
  ),
  'notice-policy-exempted': noticeOfHelp(
    'Von einer Richtlinie ausgenommen',
    'Bis {exempt_until_at} gilt eine Richtlinie für die Anmeldung nicht für Ihr Konto. Was sie verlangt, können Sie bis dahin jederzeit einrichten.',
  ),
  'notice-token-created': notice('API-Token erstellt', 'Ein API-Token wurde erstellt, das in Ihrem Namen handelt.'),
  'notice-username-changed': notice('Benutzername geändert', 'Der Benutzername Ihres Kontos ist jetzt {name}.'),
  'notice-email-changed': {
    subject: '{instance}: E-Mail-Adresse geändert',
    heading: 'E-Mail-Adresse geändert',
    paragraphs: [
      'Dies ist nicht mehr die E-Mail-Adresse Ihres Kontos.',
      'Die neue: {email}',
      ...FACTS,
      'Wenn Sie das waren, ist nichts zu tun.',
      'Wenn nicht, öffnen Sie den Link unten. Er macht diese Adresse wieder zu der Ihres Kontos und kann alle Sitzungen beenden.',
    ],
    button: 'Änderung rückgängig machen',
    after: [`Der Link funktioniert einmal und ist ${stated.span(ANSWER_LIFETIME)} gültig.`, LAST_ADMIN],
  },
  'notice-email-set': {
    subject: '{instance}: E-Mail-Adresse geändert',
    heading: 'E-Mail-Adresse geändert',
    paragraphs: [
      'Ein Admin hat die E-Mail-Adresse Ihres Kontos geändert. Sie ist nicht mehr diese hier.',
      'Die neue: {email}',
      ...FACTS,
      'Wenn Sie das nicht erwartet haben, fragen Sie einen Admin.',
    ],
    button: '',
    after: [],
  },
  'email-confirmation': {
    subject: '{instance}: E-Mail-Adresse bestätigen',
    heading: 'E-Mail-Adresse bestätigen',
    paragraphs: [
      'Jemand hat diese Adresse für das Konto {name} eingetragen.',
      'Wenn Sie das waren, bestätigen Sie sie mit dem Link unten.',
      'Wenn nicht, ignorieren Sie diese E-Mail: Es ändert sich nichts.',
    ],
    button: 'E-Mail-Adresse bestätigen',
    after: [`Der Link funktioniert einmal und ist ${stated.span(CONFIRMATION_LIFETIME)} gültig.`],
  },
  'email-confirmation-asked': {
    subject: '{instance}: E-Mail-Adresse bestätigen',
    heading: 'E-Mail-Adresse bestätigen',
    paragraphs: [
      'Das ist die E-Mail-Adresse des Kontos {name}. Sie ist noch nicht bestätigt.',
      'Bestätigen Sie sie mit dem Link unten. Dort melden Sie sich zuerst an. Danach können Sie mit der Adresse ein vergessenes Passwort zurücksetzen.',
      'Wenn Sie bei {instance} kein Konto haben, ignorieren Sie diese E-Mail: Es ändert sich nichts.',
    ],
    button: 'E-Mail-Adresse bestätigen',
    after: [`Der Link funktioniert einmal und ist ${stated.span(ANSWER_LIFETIME)} gültig.`],
  },
}
