import { IMPORTED_TOTP_DIGITS, TOTP_PERIOD } from '#foundation/kernel/stated-limits.ts'
import type { FindingFacts, FindingWords } from '../english/findings.ts'
import type { rowFindings as english } from '../english/row-findings.ts'
import { statedDative } from './stated.ts'

const openUser = ({ id }: FindingFacts): string => `Öffnen Sie Benutzer ${id}, um das zu beheben.`

export const rowFindings: Record<keyof typeof english, FindingWords> = {
  'external-rows.completed': {
    sentence: () => 'Jede Zeile, die ein anderes Programm eingefügt hat, ist vollständig.',
  },
  'external-rows.incomplete': {
    sentence: ({ count }) =>
      count === 1
        ? '1 Zeile, die ein anderes Programm eingefügt hat, ist noch nicht vollständig. Bis dahin findet keine Suche diesen Benutzer, und er muss seinen Benutzernamen genau eingeben.'
        : `${count} Zeilen, die ein anderes Programm eingefügt hat, sind noch nicht vollständig. Bis dahin findet keine Suche diese Benutzer, und sie müssen ihren Benutzernamen genau eingeben.`,
    fix: () =>
      'Nichts zu tun, solange der Server läuft: Er vervollständigt sie im Hintergrund und schreibt in sein Log, wie weit er ist.',
  },
  'username-empty': {
    sentence: () => 'Dieser Benutzer hat keinen Benutzernamen und kann sich deshalb nicht anmelden.',
    fix: openUser,
  },
  'username-collides': {
    sentence: () =>
      'Ein anderer Benutzername unterscheidet sich nur in Groß- und Kleinschreibung. Dieser Benutzer muss seinen genau eingeben.',
    fix: openUser,
  },
  'username-mixed': {
    sentence: () =>
      'Dieser Benutzername mischt Buchstaben mehrerer Alphabete und kann deshalb wie ein anderer aussehen.',
    fix: openUser,
  },
  'email-malformed': { sentence: () => 'Das ist keine gültige E-Mail-Adresse.', fix: openUser },
  'email-routed': {
    sentence: () =>
      'Diese E-Mail-Adresse enthält ein Prozent- oder Ausrufezeichen. Ein Mailserver kann E-Mails deshalb an eine andere Domain als die nach dem @ zustellen.',
    fix: ({ id }) =>
      `Öffnen Sie Benutzer ${id} und geben Sie eine andere ein. Bis dahin gehen E-Mails weiter an diese.`,
  },
  'email-collides': { sentence: () => 'Auch ein anderer Benutzer hat diese E-Mail-Adresse.', fix: openUser },
  'role-unknown': { sentence: () => 'Diese Rolle ist unbekannt und zählt als Benutzer.', fix: openUser },
  'admin-kept': {
    sentence: () =>
      'Das Konto dieses Admins ist abgelaufen, bleibt aber offen, weil kein anderer aktiver Admin übrig ist.',
    fix: ({ id }) =>
      `Fügen Sie einen anderen Admin hinzu. Oder entfernen Sie den Ablauf auf dem Server: user update ${id} --expires-at none`,
  },
  'value-unreadable': {
    sentence: ({ columns }) => `Der Wert in ${columns} ist nicht lesbar und wird nicht beachtet.`,
    fix: openUser,
  },
  'code-secret-unreadable': {
    sentence: () => 'Das Authenticator-Geheimnis dieses Benutzers ist nicht lesbar, deshalb gelten seine Codes nicht.',
    fix: () =>
      `Schreiben Sie Base32 in otp_secret, oder eine URI mit otpauth://totp, mit SHA1, SHA256 oder SHA512, ${IMPORTED_TOTP_DIGITS.join(' oder ')} Ziffern und einer Periode von ${statedDative.span(TOTP_PERIOD)}. Oder leeren Sie es und laden Sie die Person ein.`,
  },
  'app-secret-unreadable': {
    sentence: () =>
      'Das gespeicherte Geheimnis einer Authenticator-App dieses Benutzers wurde geändert oder gehört in eine andere Zeile. Deshalb gelten ihre Codes nicht.',
    fix: ({ id }) =>
      `Stellen Sie diese Zeile von totp_factor aus einer Sicherung wieder her, oder setzen Sie den zweiten Schritt von Benutzer ${id} zurück. Die Ursache steht im Log des Servers.`,
  },
}
