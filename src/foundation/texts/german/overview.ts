import { DAYS_SHOWN } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { quoted } from './quoted.ts'
import { tokens } from './tokens.ts'
import { counted } from './user-questions.ts'

export const overview: Texts['overview'] = {
  area: 'Verwaltung',
  groups: { people: 'Personen', access: 'Zugang', system: 'System' },
  title: 'Übersicht',
  numbers: 'Auf einen Blick',
  tiles: {
    users: 'Benutzer',
    signIns: 'Anmeldungen diese Woche',
    refused: 'Diese Woche abgelehnt',
    sessions: 'Sitzungen',
  },
  trends: {
    newUsers: (count) => `▲ ${count} neu diese Woche`,
    more: (count) => `▲ ${count} mehr als letzte Woche`,
    fewer: (count) => `▼ ${count} weniger als letzte Woche`,
    same: 'So viele wie letzte Woche',
    moreThanAWeekAgo: (count) => `▲ ${count} mehr als vor einer Woche`,
    fewerThanAWeekAgo: (count) => `▼ ${count} weniger als vor einer Woche`,
    sameAsAWeekAgo: 'So viele wie vor einer Woche',
  },
  secondSteps: {
    title: 'Verbreitung des zweiten Schritts',
    share: (done, joined) =>
      joined === 1
        ? `${done} von 1 Person hat einen zweiten Schritt.`
        : `${done} von ${joined} Personen, die beigetreten sind, ${done === 1 ? 'hat' : 'haben'} einen zweiten Schritt.`,
    everyone: 'Alle, die beigetreten sind, haben einen zweiten Schritt.',
    joined: 'Beigetretene nach zweitem Schritt',
    kinds: { passkey: 'Passkey', app: 'App', none: 'Ohne zweiten Schritt' },
    uncounted: 'Nicht mitgezählt:',
    invited: (count) => `${count} eingeladen`,
    disabled: (count) => `${count} deaktiviert`,
    admins: (count) => counted(count, 'Admin', 'Admins'),
    waitingAdmins: (count) => `und ${count} noch ohne zweiten Schritt`,
  },
  signIns: {
    title: 'Anmeldungen',
    caption: `Je Tag, letzte ${DAYS_SHOWN} Tage (UTC)`,
    succeeded: 'Anmeldungen',
    refused: 'Abgelehnt',
  },
  asTable: 'Als Tabelle anzeigen',
  recent: { title: 'Letzte Aktivitäten', all: 'Alle Aktivitäten' },
  toDo: {
    title: 'Zu tun',
    how: 'Anleitung',
    more: (count) => `${count} weitere in der Systemprüfung`,
  },
  getStarted: {
    title: 'Erste Schritte',
    server: 'Ihr Server ist eingerichtet',
    admin: 'Einen zweiten Admin einladen',
    adminWhy: 'Wenn Ihnen der zweite Schritt verloren geht, lässt er Sie wieder ein.',
    inviteAdmin: 'Einladen',
    app: 'Ihre App verbinden',
    appWhy: 'Sie erfährt von diesem Server, von wem eine Anfrage kommt.',
    connect: 'Verbinden',
    done: 'erledigt',
    close: 'Liste schließen',
  },
  connect: {
    title: 'Ihre App verbinden',
    lead: 'Ihre App fragt diesen Server, von wem eine Anfrage kommt. Versuchen Sie es zuerst mit einem API-Token: Es geht mit jedem zweiten Schritt.',
    token: 'Ein Token erstellen',
    tokenLead: `Wählen Sie die Berechtigung ${quoted(tokens.scopes['self:read'].name)}. Legen Sie das Token in der Variablen TOKEN ab.`,
    createToken: 'API-Token erstellen',
    ask: 'Fragen, wem es gehört',
    askLead:
      'Reichen Sie den Header Authorization jeder Anfrage weiter. Wenn die Antwort 401 ist, bitten Sie die Person, sich anzumelden.',
  },
}
