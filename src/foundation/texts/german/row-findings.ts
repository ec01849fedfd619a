import type { FindingFacts, FindingWords } from '../english/findings.ts'
import type { rowFindings as english } from '../english/row-findings.ts'

const openUser = ({ id }: FindingFacts): string => `Öffnen Sie Benutzer ${id}, um das zu beheben.`

export const rowFindings: Record<keyof typeof english, FindingWords> = {
  'external-rows.completed': {
    sentence: () => 'Jede Zeile, die ein anderes Programm eingefügt hat, ist vollständig.',
  },
  'external-rows.incomplete': {
    sentence: ({ count }) =>
      count === 1
        ? '1 Zeile, die ein anderes Programm eingefügt hat, ist noch nicht vollständig: Keine Suche findet diesen Benutzer, und bei der Anmeldung gilt nur die genaue Schreibung.'
        : `${count} Zeilen, die ein anderes Programm eingefügt hat, sind noch nicht vollständig: Keine Suche findet diese Benutzer, und bei der Anmeldung gilt nur die genaue Schreibung.`,
    fix: () =>
      'Nichts zu tun, solange der Server läuft: Er vervollständigt sie im Hintergrund und schreibt in sein Log, wie weit er ist.',
  },
  'username-empty': {
    sentence: () => 'Dieser Benutzer hat keinen Benutzernamen; niemand kann sich so anmelden.',
    fix: openUser,
  },
  'username-collides': {
    sentence: () => 'Ein anderer Benutzername unterscheidet sich nur in der Schreibung; hier gilt nur die genaue.',
    fix: openUser,
  },
  'username-mixed': {
    sentence: () =>
      'Dieser Benutzername mischt Buchstaben mehrerer Alphabete; er kann wie ein anderer Benutzername aussehen.',
    fix: openUser,
  },
  'email-malformed': { sentence: () => 'Das ist keine brauchbare E-Mail-Adresse.', fix: openUser },
  'email-collides': { sentence: () => 'Jemand anders hat diese Adresse auch.', fix: openUser },
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
    sentence: () => 'Das Authenticator-Geheimnis dieses Benutzers ist nicht lesbar; seine Codes gelten nicht.',
    fix: () =>
      'Schreiben Sie Base32 in otp_secret, oder eine URI mit otpauth://totp, mit SHA1, SHA256 oder SHA512, 6 oder 8 Ziffern und einer Periode von 30 Sekunden. Oder leeren Sie es und laden Sie die Person ein.',
  },
  'app-secret-unreadable': {
    sentence: () =>
      'Das gespeicherte Geheimnis einer Authenticator-App dieses Benutzers wurde geändert oder gehört in eine andere Zeile; kein Code davon wird angenommen.',
    fix: ({ id }) =>
      `Stellen Sie diese Zeile von totp_factor aus einer Sicherung wieder her, oder setzen Sie den zweiten Schritt von Benutzer ${id} zurück. Die Ursache steht im Log des Servers.`,
  },
}
