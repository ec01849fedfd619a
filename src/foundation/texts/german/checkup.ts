import type { Texts } from '../english.ts'
import { findings } from './findings.ts'
import { rowFindings } from './row-findings.ts'

export const checkup: Texts['checkup'] = {
  title: 'Prüfung',
  lead: 'Eine Prüfung dieses Servers. In einem Terminal auf dem Server prüft dieser Befehl dasselbe, außer dem, was nur eine Anfrage zeigt:',
  checks: {
    address: 'Öffentliche Adresse',
    reached: 'Diese Anfrage',
    proxy: 'Proxy und Ihre Adresse',
    clock: 'Uhr',
    'clock-jumps': 'Sprünge der Uhr',
    database: 'Datenbank',
    keyring: 'Schlüssel',
    admins: 'Admins',
    'second-steps': 'Zweite Schritte',
    'password-hash': 'Gespeicherte Passwörter',
    'old-password-hashes': 'Ältere Passwörter',
    'external-rows': 'Zeilen anderer Programme',
    'code-secrets': 'Code-Geheimnisse',
    jobs: 'Hintergrundaufgaben',
    'audit-chain': 'Kette des Protokolls',
    'audit-checkpoint': 'Festgehaltenes Ende des Protokolls',
    version: 'Version',
  },
  user: (id) => `Benutzer ${id}`,
  browserClock: {
    name: 'Uhr Ihres Browsers',
    shown: 'Als diese Seite entstand, zeigte die Uhr des Servers:',
    compare: 'Vergleichen Sie das mit der Uhr Ihres Geräts.',
    agrees: 'Die Uhren von Browser und Server stimmen überein.',
    ahead: (span) => `Die Uhr Ihres Browsers geht gegenüber der des Servers etwa ${span} vor.`,
    behind: (span) => `Die Uhr Ihres Browsers geht gegenüber der des Servers etwa ${span} nach.`,
    fix: 'Schalten Sie auf Ihrem Gerät die automatische Zeit ein. Geht dessen Uhr richtig, dann auf dem Server (NTP): Codes werden nach seiner Uhr beurteilt.',
  },
  levels: { ok: 'In Ordnung', note: 'Gut zu wissen', warning: 'Zu beheben', failure: 'Kaputt' },
  overall: {
    ok: 'Auf dem Server ist alles in Ordnung.',
    note: 'Auf dem Server ist alles gut; etwas ist gut zu wissen.',
    warning: 'Auf dem Server sollte etwas behoben werden.',
    failure: 'Auf dem Server ist etwas kaputt und braucht Sie jetzt.',
  },
  list: 'Jede Prüfung',
  links: {
    admins: 'Die Admins ansehen',
    withoutSecondStep: 'Ansehen, wem er fehlt',
    activity: 'Die Aktivität ansehen',
    user: 'Diesen Benutzer öffnen',
  },
  report: 'Bericht',
  reportLead:
    'Was der Server gefunden hat, als englischer Text, um jemanden um Hilfe zu bitten. Adressen sind weggelassen, und es steht kein Geheimnis darin.',
  findings: { ...findings, ...rowFindings },
}
