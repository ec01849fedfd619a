// One's password, second step, sessions and activity.
import type { Texts } from '../english.ts'

export const security: Texts['security'] = {
  title: 'Sicherheit',
  back: 'Zurück zur Sicherheit',
  health: {
    good: 'Alles in Ordnung: ein Passwort, mehr als ein Weg für den zweiten Schritt und Wiederherstellungscodes.',
    oneWay: 'Es gibt nur einen Weg für den zweiten Schritt.',
    noWay: 'Es gibt noch keinen zweiten Schritt.',
    noCodes: 'Es sind keine Wiederherstellungscodes übrig.',
    fewCodes: (left) =>
      left === 1 ? 'Nur noch 1 Wiederherstellungscode übrig.' : `Nur noch ${left} Wiederherstellungscodes übrig.`,
    makeCodes: 'Neue erstellen',
    addWay: 'Einen weiteren hinzufügen',
    addFirst: 'Einrichten',
    passwordAsked: 'Sie wurden gebeten, ein neues Passwort zu wählen.',
    noPassword: 'Es gibt noch kein Passwort.',
    changePassword: 'Ändern',
  },
  done: {
    password: 'Ihr Passwort ist geändert. Überall sonst sind Sie abgemeldet.',
    added: 'Die App ist hinzugefügt. Überall sonst sind Sie abgemeldet.',
    replaced: 'Die App ist ersetzt: Codes der alten gelten nicht mehr. Überall sonst sind Sie abgemeldet.',
    renamed: 'Umbenannt.',
    removed: 'Die App ist entfernt. Überall sonst sind Sie abgemeldet.',
    'passkey-added': 'Der Passkey ist hinzugefügt. Überall sonst sind Sie abgemeldet.',
    'passkey-removed': 'Der Passkey ist entfernt. Überall sonst sind Sie abgemeldet.',
    codes: 'Ihre Wiederherstellungscodes sind neu. Die bisherigen gelten nicht mehr.',
    ended: 'Diese Sitzung ist beendet.',
    others: 'Sie sind überall außer hier abgemeldet.',
    'token-revoked': 'Das API-Token ist widerrufen.',
  },
  password: {
    title: 'Passwort',
    changed: 'Gesetzt',
    unchanged: 'Wann es gesetzt wurde, ist nicht bekannt.',
    none: 'Nicht gesetzt.',
    change: 'Ändern',
    changeTitle: 'Passwort ändern',
    lead: 'Überall sonst werden Sie abgemeldet.',
    current: 'Jetziges Passwort',
    new: 'Neues Passwort',
    endApiTokens: (count) =>
      count === 1 ? 'Auch mein API-Token widerrufen' : `Auch meine ${count} API-Tokens widerrufen`,
    endApiTokensHint:
      'Wählen Sie das, wenn jemand anderes in Ihrem Konto gewesen sein könnte. Skripte, die ein Token benutzen, funktionieren dann nicht mehr.',
    submit: 'Passwort ändern',
  },
  apps: {
    title: 'Authenticator-Apps',
    lead: 'Apps, deren Codes beim Anmelden gelten.',
    table: 'Ihre Authenticator-Apps',
    none: 'Noch keine Authenticator-App.',
    defaultName: 'Authenticator-App',
    name: 'Name',
    added: 'Hinzugefügt',
    lastUsed: 'Zuletzt benutzt',
    actions: 'Ändern',
    rename: 'Umbenennen',
    replace: 'Ersetzen',
    remove: 'Entfernen',
    add: 'App hinzufügen',
  },
  passkeys: {
    title: 'Passkeys',
    lead: 'Anmelden mit Fingerabdruck, Gesicht oder Sicherheitsschlüssel. Ein Passkey, der prüft, dass Sie es sind, braucht kein Passwort.',
    table: 'Ihre Passkeys',
    none: 'Noch kein Passkey.',
    name: 'Name',
    added: 'Hinzugefügt',
    lastUsed: 'Zuletzt benutzt',
    actions: 'Ändern',
    rename: 'Umbenennen',
    remove: 'Entfernen',
    add: 'Passkey hinzufügen',
    cannot: 'Für die Adresse dieses Servers erstellen Browser keine Passkeys: dazu braucht sie https und einen Namen.',
  },
  newPasskey: {
    title: 'Passkey hinzufügen',
    lead: 'Ihr Browser fragt, wo er den Passkey aufbewahren soll. Überall sonst werden Sie abgemeldet.',
  },
  renamePasskey: {
    title: (name) => `Passkey „${name}“ umbenennen`,
  },
  removePasskey: {
    title: (name) => `Passkey „${name}“ entfernen`,
    question: 'Er gilt hier sofort nicht mehr, und überall sonst werden Sie abgemeldet.',
    submit: 'Entfernen',
    cancel: 'Behalten',
    lastOne:
      'Dies ist Ihr einziger zweiter Schritt und lässt sich darum nicht entfernen. Fügen Sie zuerst einen anderen hinzu.',
    addPasskey: 'Passkey hinzufügen',
    addApp: 'App hinzufügen',
  },
  newApp: {
    addTitle: 'Authenticator-App hinzufügen',
    addLead:
      'Auf einem weiteren Telefon oder Rechner, falls Sie das erste Gerät verlieren. Überall sonst werden Sie abgemeldet.',
    replaceTitle: (name) => `App „${name}“ ersetzen`,
    replaceLead:
      'Die alte App gilt, bis die neue sie ersetzt hat, und danach nicht mehr. Überall sonst werden Sie abgemeldet.',
    name: 'Name (freiwillig)',
    nameHint: 'Etwa das Telefon, auf dem sie ist. Admins können den Namen im Protokoll sehen.',
    elsewhere: 'Diese Einrichtung ist vorbei. Hier ist ein neuer Code zum Scannen; der vorige gilt nicht mehr.',
    turnOn: 'App hinzufügen',
    replaceIt: 'Ersetzen',
  },
  renameApp: {
    title: (name) => `App „${name}“ umbenennen`,
    name: 'Name',
  },
  removeApp: {
    title: (name) => `App „${name}“ entfernen`,
    question: 'Ihre Codes gelten hier sofort nicht mehr, und überall sonst werden Sie abgemeldet.',
    submit: 'Entfernen',
    cancel: 'Behalten',
    lastOne:
      'Dies ist Ihr einziger zweiter Schritt und lässt sich darum nicht entfernen. Ersetzen Sie ihn; der alte gilt, bis der neue gilt.',
    replaceInstead: 'Stattdessen ersetzen',
  },
  sessions: {
    title: 'Sitzungen',
    lead: 'Wo Sie angemeldet sind. Kennen Sie eine nicht, melden Sie sie ab und ändern Sie Ihr Passwort.',
    table: 'Ihre Sitzungen',
    browser: 'Browser oder Programm',
    address: 'Adresse',
    began: 'Angemeldet',
    lastSeen: 'Zuletzt gesehen',
    actions: 'Beenden',
    current: 'Diese Sitzung',
    program: 'Ein Programm',
    end: 'Abmelden',
    endOthers: 'Überall sonst abmelden',
    onlyThis: 'Sie sind nirgends sonst angemeldet.',
  },
  methods: {
    password: 'Passwort',
    totp: 'Authenticator-App',
    passkey: 'Passkey',
    'recovery-code': 'Wiederherstellungscode',
  },
  provenWith: (methods) => `Mit ${methods}`,
  device: (browser, system) => {
    if (browser === undefined)
      return system === undefined
        ? 'Unbekannter Browser oder unbekanntes Programm'
        : `Unbekannter Browser auf ${system}`
    return system === undefined ? browser : `${browser} auf ${system}`
  },
  activity: {
    title: 'Letzte Aktivität',
    pageTitle: 'Ihre Aktivität',
    lead: 'Was Sie getan haben, was mit Ihrem Konto geschah, und wer sich als Sie anmelden wollte.',
    table: 'Was geschah, das Neueste zuerst',
    what: 'Was',
    when: 'Wann',
    where: 'Wo',
    none: 'Noch nichts.',
    all: 'Alle Aktivität',
    newest: 'Zurück zum Neuesten',
  },
}
