// One user, as an admin sees them.
import type { ResetLoss, user as englishUser } from '../english/user.ts'

const counted = (count: number, one: string, many: string): string =>
  `${new Intl.NumberFormat('de').format(count)} ${count === 1 ? one : many}`

const listed = new Intl.ListFormat('de')

function heldInWords({ apps, passkeys, recoveryCodes }: Omit<ResetLoss, 'sessions'>): string {
  const kinds = [
    apps > 0 && counted(apps, 'Authenticator-App', 'Authenticator-Apps'),
    passkeys > 0 && counted(passkeys, 'Passkey', 'Passkeys'),
    recoveryCodes > 0 && counted(recoveryCodes, 'Wiederherstellungscode', 'Wiederherstellungscodes'),
  ].filter((kind) => kind !== false)
  return kinds.length === 0 ? 'nichts, denn es gibt keinen zweiten Schritt' : listed.format(kinds)
}

export const user: typeof englishUser = {
  back: 'Alle Benutzer',
  you: 'Sie',
  about: 'Über dieses Konto',
  lastSignIn: 'Letzte Anmeldung',
  created: 'Angelegt',
  unknown: 'Nicht bekannt',
  subject: 'Subject, für Programme',
  password: 'Passwort',
  passwordSet: 'Gesetzt',
  passwordNone: 'Noch keines',
  passwordAsked: 'Gesetzt; es wird um ein anderes gebeten',
  done: {
    saved: 'Gespeichert.',
    ended: 'Diese Sitzung ist beendet.',
    'token-revoked': 'Das API-Token ist widerrufen.',
    'signed-out': 'Die Person ist überall abgemeldet.',
    disabled: 'Dieses Konto ist deaktiviert und überall abgemeldet.',
    enabled: 'Dieses Konto ist wieder aktiv.',
    opened: 'Neue Versuche sind jetzt möglich.',
    reset:
      'Der zweite Schritt ist zurückgesetzt. Bei der nächsten Anmeldung wird nach dem Passwort ein neuer eingerichtet.',
    'reset-alone':
      'Der zweite Schritt ist zurückgesetzt. Ein Passwort gibt es auch nicht; hinein führt nur eine Einladung: erstellen Sie unten eine.',
  },
  details: {
    title: 'Angaben',
    username: 'Benutzername',
    usernameHint: 'Zum Anmelden. Hier einmalig, gleich ob groß oder klein geschrieben.',
    email: 'E-Mail (freiwillig)',
    emailConfirmed: 'Bestätigt.',
    emailUnconfirmed: 'Noch nicht bestätigt und darum für nichts verwendet.',
    fullName: 'Vollständiger Name (freiwillig)',
    role: 'Rolle',
    adminHint: 'Darf hier alles, sobald es einen zweiten Schritt gibt.',
    userHint: 'Darf nur das eigene Konto ändern.',
    roleHint: 'Eine andere Rolle meldet die Person überall ab.',
    ownRole: 'Niemand ändert die eigene Rolle. Ein anderer Admin kann es.',
    confirmFirst:
      'Bestätigen Sie, dass Sie es sind, ehe Sie jemanden zum Admin machen; speichern Sie dann noch einmal.',
    confirm: 'Bestätigen, dass Sie es sind',
    stale:
      'Jemand hat dies geändert, während Sie daran arbeiteten. Was Sie eingegeben haben, steht noch unten; speichern Sie noch einmal, damit es gilt.',
    valueNow: (value) => (value === '' ? 'Zurzeit steht hier nichts.' : `Zurzeit steht hier: ${value}`),
  },
  factors: {
    title: 'Zweiter Schritt',
    lead: 'Welche Arten es gibt und seit wann. Einen Einrichtungsschlüssel sieht nur, wem er gehört.',
    table: 'Wege für den zweiten Schritt',
    kind: 'Art',
    app: 'Authenticator-App',
    passkey: (name) => `Passkey „${name}“`,
    codes: (left) => `Wiederherstellungscodes: noch ${left}`,
    added: 'Hinzugefügt',
    lastUsed: 'Zuletzt benutzt',
    none: 'Noch kein zweiter Schritt. Er wird über eine Einladung oder bei der nächsten Anmeldung eingerichtet.',
  },
  sessions: {
    title: 'Sitzungen',
    lead: 'Wo die Person angemeldet ist.',
    table: 'Wo die Person angemeldet ist',
    browser: 'Browser',
    network: 'Netzwerk\u00ADadresse',
    began: 'Angemeldet',
    lastSeen: 'Zuletzt gesehen',
    actions: 'Beenden',
    program: 'Ein Programm mit einem Zugriffstoken',
    end: 'Abmelden',
    endAll: 'Überall abmelden',
    none: 'Nirgends angemeldet.',
    yours: 'Diese Sitzung',
  },
  tries: {
    title: 'Gescheiterte Versuche',
    password: (count) => counted(count, 'falsches Passwort', 'falsche Passwörter'),
    code: (count) => counted(count, 'falscher Code', 'falsche Codes'),
    recovery: (count) => counted(count, 'falscher Wiederherstellungscode', 'falsche Wiederherstellungscodes'),
    strangers: (tries) => `${tries} aus unbekannten Browsern und Programmen`,
    browser: (tries) => `${tries} in einem Browser, in dem die Person schon angemeldet war`,
    session: (tries) => `${tries} während einer Sitzung`,
    free: 'Der nächste Versuch ist jederzeit möglich.',
    waits: 'Der nächste Versuch ist möglich',
    shut: 'Kein weiterer Versuch ist möglich, bis Sie es erlauben.',
    open: 'Jetzt neue Versuche erlauben',
    lead: 'Seit es zuletzt gelang. Je mehr es sind, desto länger wartet der nächste Versuch. Jede Zeile zählt für sich: Falsche Versuche von Fremden sperren die Person nicht aus einem Browser aus, in dem sie schon angemeldet war.',
  },
  invitation: {
    title: 'Einladung',
    open: 'Offen',
    ends: 'Endet',
    over: 'Abgelaufen',
    none: 'Es gibt keine offene Einladung.',
    make: 'Einladung erstellen',
    makeNew: 'Neue Einladung erstellen',
    off: 'Dieses Konto ist deaktiviert. Aktivieren Sie es, ehe Sie einladen.',
  },
  activity: {
    title: 'Aktivität',
    table: 'Was geschah, das Neueste zuerst',
    what: 'Was',
    who: 'Wer',
    when: 'Wann',
    where: 'Wo',
    none: 'Noch nichts.',
    all: 'Alle Aktivität dieser Person',
    gone: 'jemand, den es nicht mehr gibt',
    nobody: 'niemand angemeldet',
    operator: 'der Betreiber',
    why: (reason) => `„${reason}“`,
  },
  danger: {
    title: 'Gefahrenbereich',
    own: 'Dies ist Ihr eigenes Konto. Hier deaktiviert niemand sich selbst, setzt sich zurück oder löscht sich: ein anderer Admin kann es, und was Sie selbst dürfen, steht unter Sicherheit und Konto.',
    security: 'Zur Sicherheit',
    reset: 'Zweiten Schritt zurücksetzen',
    resetDetail:
      'Bei verlorenem Telefon: Apps, Passkeys und Wiederherstellungscodes werden entfernt, und ein neuer zweiter Schritt wird eingerichtet.',
    signOutDetail: 'Beendet jede Sitzung und jedes API-Token; anmelden bleibt möglich.',
    disable: 'Deaktivieren',
    disableDetail: 'Sperrt die Person aus und widerruft ihre API-Tokens. Sonst geht nichts verloren.',
    enable: 'Aktivieren',
    enableDetail: 'Anmelden ist wieder wie vorher möglich.',
    remove: 'Löschen',
    removeDetail: 'Entfernt das Konto endgültig.',
  },
  reset: {
    title: 'Zweiten Schritt zurücksetzen',
    question: (name) => `Den zweiten Schritt von ${name} zurücksetzen?`,
    removes: (name, { sessions, ...held }) => {
      const out =
        sessions === 0
          ? `. ${name} ist nirgends angemeldet.`
          : ` und meldet ${name} auf ${counted(sessions, 'Gerät', 'Geräten')} ab.`
      return `Das entfernt ${heldInWords(held)}${out}`
    },
    tokens: (count) =>
      `Auch ${count === 1 ? 'wird' : 'werden'} ${counted(count, 'API-Token', 'API-Tokens')} widerrufen.`,
    invitation: 'Die offene Einladung gilt dann nicht mehr.',
    check: (name) => `Prüfen Sie, ob wirklich ${name} darum bittet: rufen Sie an, schreiben Sie nicht.`,
    after: 'Danach wird bei der nächsten Anmeldung mit dem Passwort ein neuer zweiter Schritt eingerichtet.',
    reason: 'Grund',
    reasonHint: 'Warum Sie dies tun. Er kommt ins Protokoll.',
    apiReason: 'Neues Telefon; persönlich gefragt.',
    password: 'Auch das Passwort zurücksetzen',
    passwordHint: 'Dann erhalten Sie eine Einladung zum Weitergeben, über die ein neues gewählt wird.',
    noPassword: 'Es gibt kein Passwort; ohne dies führt kein Weg mehr hinein.',
    submit: 'Zweiten Schritt zurücksetzen',
    cancel: 'Lassen, wie es ist',
    back: 'Zur Seite der Person',
    done: 'Der zweite Schritt ist zurückgesetzt',
    doneLead: (name) =>
      `Auch das Passwort von ${name} ist vergessen. Geben Sie diese Einladung weiter; sie ist nur jetzt zu sehen.`,
  },
  disable: {
    title: 'Deaktivieren',
    question: (name) => `Das Konto von ${name} deaktivieren?`,
    consequences: [
      'Die Person ist mit der nächsten Anfrage überall abgemeldet, und ihre API-Tokens sind widerrufen.',
      'Eine offene Einladung gilt nicht mehr.',
      'Sonst geht nichts verloren, und Sie können das Konto wieder aktivieren.',
    ],
    submit: 'Deaktivieren',
    cancel: 'Aktiv lassen',
  },
  deletion: {
    title: 'Löschen',
    question: (name) => `Das Konto von ${name} löschen?`,
    consequences: [
      'Das Konto verschwindet mit seinen Sitzungen, Passkeys, Authenticator-Apps und Einladungen und lässt sich nicht zurückholen.',
      'Jemand anders kann den Benutzernamen nehmen.',
      'Was darüber im Protokoll steht, bleibt dort.',
    ],
    instead: 'Um jemanden eine Zeit lang auszusperren, deaktivieren Sie das Konto stattdessen.',
    typed: (username) => `Zur Bestätigung den Benutzernamen eingeben: ${username}`,
    mismatch: 'Das ist nicht der Benutzername. Geben Sie ihn ein, wie er oben steht; Einfügen geht auch.',
    submit: 'Dieses Konto löschen',
    cancel: 'Behalten',
  },
  doneInList: { deleted: 'Das Konto ist gelöscht.' },
}
