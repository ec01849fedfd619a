import type { Texts } from '../english.ts'
import { permissionNames } from './permission-names.ts'
import { quoted } from './quoted.ts'

export const tokens: Texts['tokens'] = {
  title: 'API-Tokens',
  lead: 'Skripte handeln damit in Ihrem Namen, mit den Berechtigungen, die Sie wählen.',
  table: 'Ihre API-Tokens',
  none: 'Noch keine API-Tokens. Skripte handeln damit in Ihrem Namen, mit den Berechtigungen, die Sie wählen.',
  name: 'Name',
  may: 'Berechtigungen',
  made: 'Erstellt',
  lastUsed: 'Zuletzt verwendet',
  expires: 'Läuft ab',
  actions: 'Widerrufen',
  revoke: 'Widerrufen',
  add: 'Neues API-Token',
  opens: (host) => `${host} öffnen`,
  liveOn: (count) => (count === 1 ? '1 API-Token gilt weiter.' : `${count} API-Tokens gelten weiter.`),
  liveOnLink: 'Ansehen',
  scopes: {
    'self:read': { name: 'Mein Konto sehen', hint: 'Ihr Profil und Ihre Aktivität.' },
    'self:write': { name: 'Mein Konto ändern', hint: 'Ihr Profil. Nie Ihr Passwort oder Ihren zweiten Schritt.' },
    'users:read': { name: permissionNames['users:read'], hint: 'Alle Benutzer und die Übersicht.' },
    'users:help': {
      name: permissionNames['users:help'],
      hint: 'Entsperren, Links zu einem neuen Passwort senden, Einladungen erneut senden, Ablehnungen erklären.',
    },
    'users:write': {
      name: permissionNames['users:write'],
      hint: 'Benutzer anlegen, ändern, einladen, deaktivieren und abmelden.',
    },
    'users:reset-factors': {
      name: permissionNames['users:reset-factors'],
      hint: 'Sie müssen bestätigen, dass Sie es sind. Das kann kein Token.',
    },
    'groups:write': {
      name: permissionNames['groups:write'],
      hint: `Gruppen anlegen und ändern. Zusammen mit ${quoted(permissionNames['users:read'])} auch Mitglieder und Verwalter.`,
    },
    'roles:write': { name: permissionNames['roles:write'], hint: 'Rollen ändern und Benutzern Rollen geben.' },
    'audit:read': { name: permissionNames['audit:read'], hint: 'Alles, was auf diesem Server geschehen ist.' },
    'policy:write': {
      name: permissionNames['policy:write'],
      hint: 'Was der Server bei der Anmeldung verlangt, und die Attribute der Profile.',
    },
    'apps:write': {
      name: permissionNames['apps:write'],
      hint: 'Die Apps ansehen, bei denen man sich von hier aus anmeldet. Zum Ändern müssen Sie bestätigen, dass Sie es sind. Das kann kein Token.',
    },
    'server:read': {
      name: permissionNames['server:read'],
      hint: `Zusammen mit ${quoted(permissionNames['users:read'])}: die Systemprüfung, E-Mails und Anträge an einen zweiten Admin.`,
    },
  },
  newToken: {
    title: 'Neues API-Token',
    lead: 'Wählen Sie einen Namen, an dem Sie es erkennen, und nur die Berechtigungen, die das Skript braucht.',
    name: 'Name',
    nameHint: 'Zum Beispiel „Nächtliche Sicherung“. Admins können den Namen sehen.',
    host: 'Für',
    hostHint: 'Ein Token für einen Host öffnet nur diesen Host: Es braucht keine Berechtigungen.',
    api: 'Die API dieses Servers',
    scopes: 'Berechtigungen',
    scopesHint:
      'Ein Token kann nie mehr als Sie selbst. Es kann nichts, wofür Sie bestätigen müssen, dass Sie es sind.',
    expiry: 'Läuft ab nach',
    expiryHint: 'Sie können jederzeit ein neues erstellen.',
    days: (count) => `${count} Tagen`,
    submit: 'Token erstellen',
  },
  shown: {
    title: 'Ihr neues API-Token',
    once: 'Kopieren Sie Ihr Token jetzt. Sie sehen es nicht noch einmal.',
    token: 'API-Token',
    until: 'Es läuft ab am',
    use: 'Token verwenden',
    useHint: 'Legen Sie das Token als TOKEN in der Umgebung Ihres Skripts ab, dann:',
    command: 'Befehl',
  },
  revocation: {
    title: (name) => `API-Token „${name}“ widerrufen?`,
    question: 'Alles, was es verwendet, funktioniert sofort nicht mehr. Sie können das nicht rückgängig machen.',
    submit: 'Token widerrufen',
    cancel: 'Abbrechen',
  },
  ofUser: {
    none: 'Keine API-Tokens.',
    question: (token, owner) => `Das API-Token „${token}“ von ${owner} widerrufen?`,
  },
}
