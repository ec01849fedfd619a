import type { Texts } from '../english.ts'
import { auditFindings } from './audit-findings.ts'
import { findings } from './findings.ts'
import { mailFindings } from './mail-findings.ts'
import { rowFindings } from './row-findings.ts'
import { counted } from './user-questions.ts'

export const checkup: Texts['checkup'] = {
  title: 'Systemprüfung',
  lead: 'So geht es diesem Server. Das Dringendste steht oben.',
  terminal: 'Im Terminal auf dem Server',
  command: 'Befehl',
  checks: {
    address: 'Öffentliche Adresse',
    reached: 'Geöffnete Adresse',
    proxy: 'Proxy und Ihre Adresse',
    clock: 'Uhr',
    'clock-jumps': 'Uhrsprünge',
    database: 'Datenbank',
    keyring: 'Schlüssel',
    'signing-keys': 'Signaturschlüssel',
    apps: 'Apps',
    admins: 'Admins',
    'second-steps': 'Zweite Schritte',
    policies: 'Richtlinien',
    attributes: 'Attribute',
    registration: 'Registrierung',
    'password-hash': 'Passwort-Hashing',
    'old-password-hashes': 'Ältere Passwort-Hashes',
    'external-rows': 'Zeilen anderer Programme',
    'code-secrets': 'Authenticator-Geheimnisse',
    mail: 'E-Mail',
    jobs: 'Hintergrundaufgaben',
    'audit-chain': 'Kette des Protokolls',
    'audit-checkpoint': 'Ende des Protokolls',
    version: 'Version',
  },
  user: (id) => `Benutzer ${id}`,
  browserClock: {
    name: 'Uhr Ihres Browsers',
    shown: 'Uhrzeit des Servers, als diese Seite geladen wurde:',
    compare: 'Vergleichen Sie das mit der Uhr Ihres Geräts.',
    agrees: 'Die Uhren von Browser und Server stimmen überein.',
    ahead: (span) => `Die Uhr Ihres Browsers geht gegenüber der des Servers etwa ${span} vor.`,
    behind: (span) => `Die Uhr Ihres Browsers geht gegenüber der des Servers etwa ${span} nach.`,
    fix: 'Schalten Sie auf Ihrem Gerät die automatische Zeit ein. Wenn dessen Uhr richtig geht, schalten Sie sie auf dem Server ein (NTP). Davon hängen Codes ab.',
  },
  levels: { ok: 'In Ordnung', note: 'Hinweis', warning: 'Zu beheben', failure: 'Nicht bestanden' },
  overall: {
    ok: 'Alles ist in Ordnung.',
    note: 'Keine Probleme gefunden. Unten stehen Hinweise.',
    warning: (count) => counted(count, 'Punkt ist zu beheben', 'Punkte sind zu beheben'),
    failure: (count) => counted(count, 'Prüfung nicht bestanden', 'Prüfungen nicht bestanden'),
  },
  list: 'Alle Prüfungen',
  folded: {
    notes: (count) => counted(count, 'Hinweis', 'Hinweise'),
    passed: (count) => counted(count, 'Prüfung bestanden', 'Prüfungen bestanden'),
  },
  links: {
    admins: 'Admins ansehen',
    withoutSecondStep: 'Benutzer ohne ihn ansehen',
    policies: 'Richtlinien ansehen',
    attributes: 'Attribute ansehen',
    apps: 'Apps ansehen',
    activity: 'Aktivität ansehen',
    mails: 'Postausgang ansehen',
    user: 'Benutzer ansehen',
  },
  report: 'Bericht',
  reportLead: 'Zum Kopieren, wenn Sie um Hilfe bitten, auf Englisch. Ohne Adressen und ohne Geheimnisse.',
  findings: { ...findings, ...auditFindings, ...mailFindings, ...rowFindings },
}
