import type { Texts } from '../english.ts'

export const users: Texts['users'] = {
  title: 'Benutzer',
  heading: (count) => `Benutzer (${count})`,
  new: 'Neuer Benutzer',
  search: 'Benutzername, E-Mail oder Name',
  filters: {
    label: 'Anzeigen',
    all: 'Alle',
    active: 'Aktiv',
    invited: 'Eingeladen',
    'no-factor': 'Ohne zweiten Schritt',
    disabled: 'Deaktiviert',
    admins: 'Admins',
  },
  listed: (_count, shown) => `${shown} Benutzer`,
  found: (_count, shown, query) => `${shown} Benutzer zu „${query}“ gefunden.`,
  from: (username) => `Diese Seite: ab ${username}`,
  order: { label: 'Reihenfolge:', byUsername: 'nach Benutzername', newestFirst: 'neueste zuerst' },
  onlyYou: 'Bisher sind nur Sie hier.',
  inviteSomeone: 'Jemanden einladen',
  nobodyMatches: (query) => `Zu „${query}“ passt niemand.`,
  searchStopped: (walked) =>
    `Sehr viele Benutzer passen. Diese Seite hat ${walked} Benutzer durchsucht: Blättern Sie weiter, oder geben Sie mehr Buchstaben ein.`,
  clearSearch: 'Suche aufheben',
  nobodyHere: 'In dieser Liste ist niemand.',
  showAll: 'Alle anzeigen',
  table: 'Benutzer, mit Zustand und letzter Anmeldung',
  columns: {
    select: 'Auswählen',
    username: 'Benutzername',
    email: 'E-Mail',
    role: 'Rolle',
    status: 'Zustand',
    secondStep: 'Zweiter Schritt',
    lastSignIn: 'Letzte Anmeldung',
  },
  you: 'Sie',
  statuses: { active: 'Aktiv', invited: 'Eingeladen', 'no-factor': 'Ohne zweiten Schritt', disabled: 'Deaktiviert' },
  secondSteps: { passkey: 'Passkey', app: 'App' },
  invitationEnds: 'Einladung läuft ab',
  invitationEnded: 'Einladung abgelaufen',
  newInvitation: 'Neue Einladung',
  forUser: (username) => `für ${username}`,
  selectUser: (username) => `${username} auswählen`,
  bulk: {
    label: 'Mit den ausgewählten Benutzern',
    all: 'Alle auf dieser Seite auswählen',
    selected: (count, shown) => (count === 1 ? '1 Person ausgewählt' : `${shown} Personen ausgewählt`),
    actions: { disable: 'Deaktivieren', enable: 'Aktivieren', 'sign-out': 'Abmelden', invite: 'Neue Einladung' },
    nobody: 'Niemand ist ausgewählt',
    nobodyText: 'Kreuzen Sie an, wen Sie meinen, und wählen Sie dann, was geschehen soll.',
    tooMany: 'Zu viele auf einmal',
    tooManyText: (most) => `Wählen Sie höchstens ${most} Benutzer auf einmal. Nichts wurde geändert.`,
    ask: {
      disable: (count) => `${count} Benutzer deaktivieren?`,
      enable: (count) => `${count} Benutzer aktivieren?`,
      'sign-out': (count) => `${count} Benutzer abmelden?`,
      invite: (count) => `${count} Benutzer noch einmal einladen?`,
    },
    about: {
      disable:
        'Ab dem nächsten Klick sind sie draußen und können sich nicht anmelden; ihre API-Tokens und offenen Einladungen sind widerrufen. Sonst geht nichts verloren.',
      enable: 'Sie können sich anmelden wie zuvor.',
      'sign-out': 'Alle ihre Sitzungen und API-Tokens enden. Sie können sich wieder anmelden.',
      invite:
        'Alle bekommen einen neuen Link; frühere Links gelten nicht mehr. Wer schon einen zweiten Schritt hat, wird ausgelassen.',
    },
    do: {
      disable: 'Deaktivieren',
      enable: 'Aktivieren',
      'sign-out': 'Abmelden',
      invite: 'Neue Einladungen erstellen',
    },
    doneTitle: {
      disable: (count) => `${count || 'Keine'} Benutzer deaktiviert`,
      enable: (count) => `${count || 'Keine'} Benutzer aktiviert`,
      'sign-out': (count) => `${count || 'Keine'} Benutzer abgemeldet`,
      invite: (count) =>
        count === 0 ? 'Keine neuen Einladungen' : `${count} neue Einladung${count === 1 ? '' : 'en'}`,
    },
    countUnchanged: {
      disable: (count) => `${count} ${count === 1 ? 'war' : 'waren'} schon deaktiviert`,
      enable: (count) => `${count} ${count === 1 ? 'war' : 'waren'} schon aktiviert`,
      'sign-out': (count) => `${count} ${count === 1 ? 'war' : 'waren'} nirgends angemeldet`,
      invite: (count) => `${count} unverändert`,
    },
    countSkipped: (count) => `${count} ausgelassen`,
    done: { disable: 'Deaktiviert', enable: 'Aktiviert', 'sign-out': 'Abgemeldet', invite: 'Einladung erstellt' },
    unchanged: {
      disable: 'War schon deaktiviert',
      enable: 'War schon aktiviert',
      'sign-out': 'War nirgends angemeldet',
      invite: 'Nichts zu tun',
    },
    refused: 'Ausgelassen',
    links:
      'Jeder Link wird nur einmal angezeigt. Kopieren Sie sie jetzt, oder erstellen Sie später neue. Solange einer nicht benutzt ist, kann das Konto übernehmen, wer ihn hat.',
    back: 'Zurück zur Liste',
  },
  newUser: {
    title: 'Neuer Benutzer',
    lead: 'Legt ein Konto an und erstellt einen Einladungslink. Über den Link wählt, wem das Konto gehört, ein Passwort und richtet den zweiten Schritt ein.',
    username: 'Benutzername',
    usernameHint: 'Zum Anmelden. Ohne @; er lässt sich später ändern.',
    role: 'Rolle',
    roles: {
      user: 'Benutzer',
      userHint: 'Darf nur das eigene Konto ändern.',
      admin: 'Admin',
      adminHint: 'Darf hier alles, sobald es einen zweiten Schritt gibt. Sie bestätigen mit Passwort und Code.',
    },
    submit: 'Benutzer und Einladung erstellen',
  },
  expiryLabel: 'Die Einladung gilt',
  again: {
    title: 'Neue Einladung',
    lead: (username) => `Erstellt einen neuen Einladungslink für ${username}. Frühere Links gelten nicht mehr.`,
    submit: 'Einladung erstellen',
  },
  card: {
    title: (username) => `Einladung für ${username}`,
    shownOnce: 'Dieser Link wird nur einmal angezeigt. Kopieren Sie ihn jetzt, oder erstellen Sie später einen neuen.',
    link: 'Einladungslink',
    warning: 'Solange dieser Link nicht benutzt ist, kann das Konto übernehmen, wer ihn hat.',
    until: 'Gilt einmal, bis',
    qrLabel: 'QR-Code des Einladungslinks. Nehmen Sie den Link, wenn Sie nicht scannen können.',
    qrHint: 'Oder lassen Sie ihn mit dem Telefon scannen.',
    messageTitle: 'Eine Nachricht zum Verschicken',
    message: (link) => letter(`bei ${link.instance} gibt es ein Konto für Sie`, link),
    messageAgain: (link) => letter(`Ihre Anmeldung bei ${link.instance} wurde zurückgesetzt`, link),
    another: 'Weiteren Benutzer anlegen',
    list: 'Zur Liste der Benutzer',
  },
}

type Link = Parameters<Texts['users']['card']['message']>[0]

function letter(about: string, { name, url, until }: Link): string {
  return `Guten Tag ${name},

${about}. Öffnen Sie diesen Link, wählen Sie ein Passwort und richten Sie Ihren zweiten Schritt ein:

${url}

Er gilt einmal, bis ${until}. Bitte geben Sie ihn nicht weiter.`
}
