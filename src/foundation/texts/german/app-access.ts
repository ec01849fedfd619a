import type { Texts } from '../english.ts'

const people = (count: number, shown: string): string => (count === 1 ? '1 Person' : `${shown} Personen`)
const can = (count: number): string => (count === 1 ? 'kann' : 'können')

export const appAccess: Texts['appAccess'] = {
  title: 'Wer sie verwenden darf',
  everyone: 'Alle mit einem Konto',
  roles: 'Rollen',
  groups: 'Gruppen',
  least: 'Wie man sich anmeldet',
  maxAge: 'Letzte Anmeldung',
  cannot: (count, shown) => `${people(count, shown)} ${can(count)} sie nicht verwenden.`,
  all: 'Alle, die sich jetzt anmelden können, können sie verwenden.',
  counted:
    'Gezählt sind Personen, die sich jetzt anmelden können. Wer noch nicht beigetreten ist oder erst einen zweiten Schritt einrichten muss, zählt nicht.',
  count: people,
  reasons: {
    role: 'Keine der Rollen',
    group: 'In keiner der Gruppen',
    role_or_group: 'Keine der Rollen und in keiner der Gruppen',
    no_second_factor: 'Kein zweiter Schritt',
    no_passkey: 'Kein Passkey',
    passkey_not_allowed: 'Kein Passkey, weil eine Richtlinie ihn nicht erlaubt',
  },
  check: {
    title: 'App einschränken',
    question: (name) => `${name} einschränken?`,
    questionOfTwo: (name) => `Einen zweiten Admin bitten, ${name} einzuschränken?`,
    questionNew: (name) => `${name} nur für manche Personen eintragen?`,
    questionNewOfTwo: (name) => `Einen zweiten Admin bitten, ${name} nur für manche Personen einzutragen?`,
    newly: (count, shown) =>
      `${people(count, shown)}, ${count === 1 ? 'die sie jetzt verwenden kann, kann' : 'die sie jetzt verwenden können, können'} es dann nicht mehr.`,
    none: 'Alle, die sie jetzt verwenden können, können es weiterhin.',
    takesEffect:
      'Wenn sie bei der App angemeldet sind, verlieren sie sie, sobald die App diesen Server das nächste Mal fragt.',
    afterwards: 'Wer sie dann verwenden darf',
    who: 'Wer sie nicht mehr verwenden kann',
    whoNew: 'Wer sie nicht verwenden kann',
    table: 'Personen, die sie nicht verwenden können',
    person: 'Person',
    why: 'Warum',
    more: (count, shown) => (count === 1 ? 'Und 1 weitere Person.' : `Und ${shown} weitere Personen.`),
    save: 'Trotzdem speichern',
    saveSafely: 'Speichern',
    create: 'Trotzdem eintragen',
    createSafely: 'App eintragen',
    back: 'Zurück',
  },
  undo: {
    title: 'Änderung rückgängig machen',
    open: 'Letzte Änderung rückgängig machen',
    question: (name) => `Die letzte Änderung daran, wer ${name} verwenden darf, rückgängig machen?`,
    questionOfTwo: (name) =>
      `Einen zweiten Admin bitten, die letzte Änderung daran, wer ${name} verwenden darf, rückgängig zu machen?`,
    changed: 'Geändert',
    submit: 'Änderung rückgängig machen',
  },
}
