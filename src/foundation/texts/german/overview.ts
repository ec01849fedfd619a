import type { Texts } from '../english.ts'

export const overview: Texts['overview'] = {
  area: 'Verwaltung',
  title: 'Übersicht',
  numbers: 'Auf einen Blick',
  users: 'Benutzer',
  active: 'Aktiv',
  invited: 'Eingeladen',
  noSecondStep: 'Ohne zweiten Schritt',
  disabled: 'Deaktiviert',
  admins: 'Admins',
  waitingAdmins: (count) => `dazu ${count} noch ohne zweiten Schritt`,
  sessions: 'Sitzungen',
  lastDay: 'Letzte 24 Stunden',
  lastDayCounts: {
    succeeded: (count) => `${count} ${count === '1' ? 'Anmeldung' : 'Anmeldungen'}`,
    refused: (count) => `${count} abgelehnt`,
  },
  signIns: {
    title: 'Anmeldungen',
    caption: 'Anmeldungen und Ablehnungen je Tag, letzte 30 Tage (UTC)',
    succeeded: 'Anmeldungen',
    refused: 'Abgelehnt',
  },
  adoption: {
    title: 'Zweite Schritte',
    caption: 'Benutzer mit zweitem Schritt, letzte 30 Tage (UTC)',
    users: 'Alle aktivierten Benutzer mit den eingeladenen',
    withSecondStep: 'Mit zweitem Schritt',
    kinds: { passkey: 'Mit Passkey', app: 'Nur App' },
    share: (percent, users) =>
      `${percent} von ${users} Benutzern haben einen zweiten Schritt. Eingeladene und deaktivierte zählen nicht mit.`,
  },
  asTable: 'Als Tabelle anzeigen',
}
