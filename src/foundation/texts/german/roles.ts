import type { Texts } from '../english.ts'
import { permissionNames } from './permission-names.ts'
import { quoted } from './quoted.ts'

export const roles: Texts['roles'] = {
  title: 'Rollen',
  lead: 'Rollen geben Berechtigungen. Sie können nur Berechtigungen geben, die Sie selbst haben.',
  table: 'Rollen',
  name: 'Name',
  description: 'Beschreibung',
  permissions: 'Berechtigungen',
  users: 'Benutzer',
  add: 'Neue Rolle',
  noPermissions: 'Nur das eigene Konto',
  allPermissions: 'Alles',
  origins: { 'built-in': 'Eingebaut', configuration: 'Durch die Konfiguration festgelegt', pages: 'Hier angelegt' },
  builtIn: { admin: 'Hat jede Berechtigung.', user: 'Kann nur das eigene Konto ändern.' },
  fixed: {
    'built-in': 'Diese Rolle ist eingebaut und bleibt, wie sie ist.',
    configuration:
      'Diese Rolle ist durch die Konfiguration festgelegt. Ändern Sie dort die Einstellung „roles“ und starten Sie den Server neu.',
  },
  beyondOwn: 'Diese Rolle hat Berechtigungen, die Sie nicht haben, deshalb können Sie sie nicht ändern.',
  permissionOf: {
    'users:read': {
      name: permissionNames['users:read'],
      hint: 'Alle Benutzer, ihre Anmeldemethoden und Sitzungen und die Übersicht.',
    },
    'users:help': {
      name: permissionNames['users:help'],
      hint: 'Für einen Helpdesk: zweite Schritte zurücksetzen, Links zu einem neuen Passwort senden, Einladungen erneut senden, entsperren, Ablehnungen erklären. Nur Benutzer ohne Berechtigungen. Zeigt keinen Link, der ein Konto öffnet.',
    },
    'users:write': {
      name: permissionNames['users:write'],
      hint: `Benutzer anlegen, ändern, einladen, deaktivieren, abmelden und löschen und ihnen helfen. Enthält ${quoted(permissionNames['server:read'])}. Rollen gehören nicht dazu.`,
    },
    'users:reset-factors': {
      name: permissionNames['users:reset-factors'],
      hint: 'Verlorene zweite Schritte zurücksetzen, auch von Benutzern mit Berechtigungen, die Sie selbst haben. Das Passwort bleibt.',
    },
    'groups:write': {
      name: permissionNames['groups:write'],
      hint: `Gruppen anlegen und ändern. Zusammen mit ${quoted(permissionNames['users:read'])} auch Mitglieder und Verwalter.`,
    },
    'roles:write': {
      name: permissionNames['roles:write'],
      hint: `Rollen anlegen und ändern. Zusammen mit ${quoted(permissionNames['users:write'])} auch Benutzern Rollen geben.`,
    },
    'audit:read': { name: permissionNames['audit:read'], hint: 'Alles, was auf diesem Server geschehen ist.' },
    'policy:write': {
      name: permissionNames['policy:write'],
      hint: `Was der Server bei der Anmeldung verlangt, und die Attribute der Profile. Zusammen mit ${quoted(permissionNames['users:read'])}: wer für eine Richtlinie noch nicht bereit ist, und Ausnahmen.`,
    },
    'apps:write': {
      name: permissionNames['apps:write'],
      hint: 'Apps eintragen, ändern, deaktivieren und löschen, bei denen man sich von hier aus anmeldet. Eine App erfährt, wer jemand ist. Das ist viel Vertrauen.',
    },
    'server:read': {
      name: permissionNames['server:read'],
      hint: 'Die Systemprüfung, E-Mails und Anträge an einen zweiten Admin.',
    },
  },
  lacks: (permission) => `Wirkt nur mit ${quoted(permission)}, das dieser Rolle fehlt.`,
  change: 'Rolle ändern',
  noUsers: 'Kein Benutzer hat diese Rolle.',
  form: {
    newTitle: 'Neue Rolle',
    newLead:
      'Wählen Sie, was Benutzer mit dieser Rolle dürfen. Mit einer Berechtigung brauchen sie immer einen zweiten Schritt.',
    changeTitle: (name) => `Rolle ${name} ändern`,
    changeLead: 'Entzogene Berechtigungen enden sofort. Vorhandene API-Tokens bekommen keine neuen.',
    name: 'Name',
    nameHint: 'Kleinbuchstaben, Ziffern und Bindestriche, etwa help-desk. Er lässt sich später nicht ändern.',
    description: 'Beschreibung (optional)',
    permissions: 'Berechtigungen',
    areas: {
      users: 'Benutzer',
      groups: 'Gruppen und Rollen',
      access: 'Richtlinien und Apps',
      server: 'Aktivität und Server',
    },
    permissionsHint: 'Sie sehen nur Berechtigungen, die Sie selbst haben.',
    alsoGives: (permission) => `Gibt auch ${quoted(permission)}.`,
    create: 'Rolle anlegen',
  },
  deletion: {
    title: 'Rolle löschen',
    question: (name) => `Die Rolle ${name} löschen?`,
    lead: 'Das lässt sich nicht rückgängig machen.',
    submit: 'Rolle löschen',
    inUse: (count) =>
      count === 1
        ? 'Um diese Rolle zu löschen, geben Sie ihrem Benutzer zuerst eine andere.'
        : 'Um diese Rolle zu löschen, geben Sie ihren Benutzern zuerst eine andere.',
  },
  done: { created: 'Rolle angelegt.', saved: 'Gespeichert.', deleted: 'Rolle gelöscht.' },
}
