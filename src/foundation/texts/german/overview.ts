import type { Texts } from '../english.ts'

export const overview: Texts['overview'] = {
  area: 'Verwaltung',
  title: 'Übersicht',
  numbers: 'In Zahlen',
  users: 'Benutzer',
  active: 'Aktiv',
  invited: 'Eingeladen',
  noSecondStep: 'Ohne zweiten Schritt',
  disabled: 'Deaktiviert',
  admins: 'Admins',
  waitingAdmins: (count) => `und ${count} ohne zweiten Schritt, die noch nicht handeln können`,
  sessions: 'Sitzungen',
  lastDay: 'Letzte 24 Stunden',
  lastDayCounts: (succeeded, refused) => `Angemeldet: ${succeeded}. Abgelehnt: ${refused}.`,
  refusals: 'Ansehen, was abgelehnt wurde',
  signIns: {
    title: 'Anmeldungen',
    caption: 'Anmeldungen und Ablehnungen je Tag, letzte 30 Tage (UTC)',
    succeeded: 'Anmeldungen',
    refused: 'Ablehnungen',
  },
  adoption: {
    title: 'Zweite Schritte',
    caption:
      'Aktivierte Benutzer mit den eingeladenen, und wie viele davon einen zweiten Schritt haben, letzte 30 Tage (UTC)',
    users: 'Aktivierte Benutzer mit den eingeladenen',
    withSecondStep: 'Mit zweitem Schritt',
    kinds: { passkey: 'Mit Passkey', app: 'Mit App, ohne Passkey' },
    share: (percent, users) =>
      `${percent} von ${users} Benutzern haben einen zweiten Schritt. Eingeladene und deaktivierte zählen nicht mit.`,
  },
  asTable: 'Als Tabelle',
}
