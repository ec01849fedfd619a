import type { Texts } from '../english.ts'
import { counted } from './user-questions.ts'

export const users: Texts['users'] = {
  title: 'Benutzer',
  heading: (count) => `Benutzer (${count})`,
  new: 'Neuer Benutzer',
  search: 'Benutzername, E-Mail oder Name',
  searchHint: 'Benutzer suchen',
  skip: 'Zur Liste springen',
  filters: {
    label: 'Anzeigen',
    all: 'Alle',
    active: 'Aktiv',
    passkey: 'Passkey',
    app: 'App',
    invited: 'Eingeladen',
    'no-factor': 'Ohne zweiten Schritt',
    disabled: 'Deaktiviert',
    admins: 'Admins',
  },
  listed: (_count, shown) => `${shown} Benutzer`,
  found: (_count, shown, query) => `${shown} Benutzer zu „${query}“ gefunden.`,
  range: (page, total) => `${page} von ${total}`,
  rangeOfMore: (page, most) => `${page} von mehr als ${most}`,
  sizes: 'Pro Seite:',
  perPage: (count) => `${count} pro Seite`,
  order: { label: 'Reihenfolge:', byUsername: 'nach Benutzername', newestFirst: 'neueste zuerst' },
  onlyYou: 'Bisher sind nur Sie hier.',
  inviteSomeone: 'Jemanden einladen',
  noMatches: (query) => `Keine Benutzer zu „${query}“ gefunden`,
  searchStopped: (walked) =>
    `Sehr viele Treffer. Bisher durchsucht: ${walked}. Blättern Sie weiter, oder geben Sie mehr Buchstaben ein.`,
  walkStopped: (walked) => `Diese Seite hat ${walked} Benutzer durchsucht. Auf der nächsten Seite geht es weiter.`,
  clearSearch: 'Suche aufheben',
  noUsersHere: 'Keine Benutzer',
  showAll: 'Alle anzeigen',
  table: 'Benutzer, mit Status und letzter Anmeldung',
  columns: {
    select: 'Auswählen',
    username: 'Benutzername',
    email: 'E-Mail',
    status: 'Status',
    secondStep: 'Zweiter Schritt',
    lastSignIn: 'Letzte Anmeldung',
    link: 'Einladungslink',
    invited: 'Eingeladen',
    sent: 'Versand',
    actions: 'Aktionen',
  },
  link: {
    expires: 'Läuft ab',
    by: (username) => `von ${username}`,
    mailed: 'Per E-Mail',
    shown: 'Als Link',
    reminded: 'mit Erinnerung',
  },
  you: 'Sie',
  statuses: { active: 'Aktiv', invited: 'Eingeladen', 'no-factor': 'Ohne zweiten Schritt', disabled: 'Deaktiviert' },
  secondSteps: { passkey: 'Passkey', app: 'App' },
  invitationEnds: 'Einladung läuft ab',
  invitationEnded: 'Einladung abgelaufen',
  menuFor: (username) => `Aktionen für ${username}`,
  menu: {
    open: 'Öffnen',
    invite: 'Einladung erstellen',
    'sign-out': 'Abmelden',
    disable: 'Deaktivieren',
    enable: 'Aktivieren',
    reset: 'Zweiten Schritt zurücksetzen',
    remove: 'Löschen',
  },
  selectUser: (username) => `${username} auswählen`,
  bulk: {
    label: 'Ausgewählte Benutzer',
    all: 'Alle auf dieser Seite auswählen',
    none: 'Keine auswählen',
    selected: (count, shown) => (count === 1 ? '1 Person ausgewählt' : `${shown} Personen ausgewählt`),
    actions: {
      disable: 'Deaktivieren',
      enable: 'Aktivieren',
      'add-to-group': 'In Gruppe aufnehmen',
      'sign-out': 'Abmelden',
      invite: 'Einladungen erstellen',
    },
    more: 'Mehr',
    clear: 'Aufheben',
    noUser: 'Keine Benutzer ausgewählt',
    noUserText: 'Wählen Sie mindestens einen Benutzer aus und dann eine Aktion.',
    choose: 'Benutzer auswählen',
    tooMany: 'Zu viele Benutzer ausgewählt',
    tooManyText: (most) => `Wählen Sie höchstens ${most} Benutzer auf einmal. Nichts wurde geändert.`,
    ask: {
      disable: (count) => (count === 0 ? 'Keine Benutzer zu deaktivieren' : `${count} Benutzer deaktivieren?`),
      enable: (count) => (count === 0 ? 'Keine Benutzer zu aktivieren' : `${count} Benutzer aktivieren?`),
      'add-to-group': (count) =>
        count === 0 ? 'Keine Benutzer aufzunehmen' : `${count} Benutzer in eine Gruppe aufnehmen?`,
      'sign-out': (count) => (count === 0 ? 'Keine Benutzer abzumelden' : `${count} Benutzer abmelden?`),
      invite: (count) =>
        count === 0 ? 'Keine Einladungen zu erstellen' : `${counted(count, 'Einladung', 'Einladungen')} erstellen?`,
    },
    about: {
      disable:
        'Die Benutzer werden sofort abgemeldet und können sich nicht anmelden. Ihre API-Tokens und Einladungen werden widerrufen. Sie können sie später wieder aktivieren.',
      enable: 'Sie können sich anmelden wie zuvor.',
      'add-to-group': 'Eine Gruppe gibt keine Berechtigungen. Richtlinien für die Gruppe gelten sofort.',
      'sign-out': 'Beendet alle ihre Sitzungen und widerruft ihre API-Tokens. Sie können sich wieder anmelden.',
      invite:
        'Alle bekommen einen neuen Link. Frühere Links gelten nicht mehr. Wer schon einen zweiten Schritt hat, wird ausgelassen.',
    },
    do: {
      disable: (count) => `${count} Benutzer deaktivieren`,
      enable: (count) => `${count} Benutzer aktivieren`,
      'add-to-group': (count) => `${count} Benutzer in die Gruppe aufnehmen`,
      'sign-out': (count) => `${count} Benutzer abmelden`,
      invite: (count) => `${counted(count, 'Einladung', 'Einladungen')} erstellen`,
    },
    doneTitle: {
      disable: (count) => `${count || 'Keine'} Benutzer deaktiviert`,
      enable: (count) => `${count || 'Keine'} Benutzer aktiviert`,
      'add-to-group': (count) => `${count || 'Keine'} Benutzer in die Gruppe aufgenommen`,
      'sign-out': (count) => `${count || 'Keine'} Benutzer abgemeldet`,
      invite: (count) =>
        count === 0 ? 'Keine Einladungen erstellt' : `${counted(count, 'Einladung', 'Einladungen')} erstellt`,
    },
    countUnchanged: {
      disable: (count) => `${count} ${count === 1 ? 'war' : 'waren'} schon deaktiviert`,
      enable: (count) => `${count} ${count === 1 ? 'war' : 'waren'} schon aktiviert`,
      'add-to-group': (count) => `${count} ${count === 1 ? 'war' : 'waren'} schon in der Gruppe`,
      'sign-out': (count) => `${count} ${count === 1 ? 'war' : 'waren'} nirgends angemeldet`,
      invite: (count) => `${count} unverändert`,
    },
    countSkipped: (count) => `${count} ausgelassen`,
    done: {
      disable: 'Deaktiviert',
      enable: 'Aktiviert',
      'add-to-group': 'Aufgenommen',
      'sign-out': 'Abgemeldet',
      invite: 'Einladung erstellt',
    },
    unchanged: {
      disable: 'Schon deaktiviert',
      enable: 'Schon aktiviert',
      'add-to-group': 'Schon Mitglied',
      'sign-out': 'War nirgends angemeldet',
      invite: 'Unverändert',
    },
    willSkip: 'Wird ausgelassen',
    refused: 'Ausgelassen',
    links:
      'Kopieren Sie diese Links jetzt. Jeder wird nur einmal angezeigt. Wer einen Link hat, kann das Konto übernehmen. Verschicken Sie ihn vertraulich.',
  },
  newUser: {
    title: 'Neuer Benutzer',
    lead: 'Legt das Konto und einen einmaligen Link an. Der neue Benutzer öffnet ihn, wählt ein Passwort und richtet einen zweiten Schritt ein.',
    username: 'Benutzername',
    usernameHint: 'Zum Anmelden. Kein „@“. Er lässt sich später ändern.',
    access: 'Zugriff',
    adminHint:
      'Voller Zugriff, sobald ein zweiter Schritt eingerichtet ist. Wir bitten Sie zu bestätigen, dass Sie es sind.',
    submit: 'Benutzer anlegen',
  },
  expiryLabel: 'Link läuft ab nach',
  again: {
    title: 'Neue Einladung',
    lead: (username) => `Erstellt einen neuen Link für ${username}. Frühere Links gelten nicht mehr.`,
    submit: 'Einladung erstellen',
  },
  card: {
    title: (username) => `Einladung für ${username}`,
    forWhom: (name) => `Dieser Link ist nur für ${name}. Dort lassen sich Passwort und zweiter Schritt einrichten.`,
    shownOnce:
      'Kopieren Sie ihn jetzt. Später kann er nicht noch einmal angezeigt werden, aber Sie können einen neuen erstellen.',
    link: 'Einladungslink',
    warning: 'Wer diesen Link hat, kann das Konto übernehmen. Verschicken Sie ihn vertraulich.',
    until: 'Einmal gültig. Läuft ab:',
    qrLabel: 'QR-Code des Einladungslinks. Wenn Sie nicht scannen können, verwenden Sie den Link.',
    copyLink: 'Link kopieren',
    sendByEmail: 'Per E-Mail senden',
    qr: 'QR-Code zum Scannen',
    messageTitle: 'Nachricht zum Verschicken',
    subject: (instance) => `Ihr Konto bei ${instance}`,
    message: (link) => letter(`Sie haben ein Konto bei ${link.instance}`, 'ein', link),
    messageAgain: (link) => letter(`hier ist ein neuer Link für Ihr Konto bei ${link.instance}`, 'ein', link),
    messageReset: (link) => letter(`Ihre Anmeldung bei ${link.instance} wurde zurückgesetzt`, 'ein neues', link),
    another: 'Weiteren Benutzer anlegen',
    list: 'Zurück zu den Benutzern',
  },
}

type Link = Parameters<Texts['users']['card']['message']>[0]

function letter(about: string, which: string, { name, url, until }: Link): string {
  return `Hallo ${name},

${about}. Öffnen Sie diesen Link, wählen Sie ${which} Passwort und richten Sie Ihren zweiten Schritt ein:

${url}

Der Link funktioniert einmal und läuft am ${until} ab. Bitte geben Sie ihn nicht weiter.`
}
