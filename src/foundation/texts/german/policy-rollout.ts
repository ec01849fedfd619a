import { LEAST_DAYS_OF_PROGRESS, LONGEST_EXEMPTION } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { permissionNames } from './permission-names.ts'
import { quoted } from './quoted.ts'
import { stated } from './stated.ts'

const reasons = {
  'no-second-factor': 'Kein zweiter Schritt',
  'app-not-allowed': 'Nur eine Authenticator-App',
  'passkey-not-allowed': 'Nur ein Passkey',
  'no-factor-left': 'Kein erlaubter zweiter Schritt übrig',
}

/** Same order as in English. */
export const rollout: Texts['rollout'] = {
  reasons,
  withOther: (reason, otherPolicy) => `${reason}, zusammen mit „${otherPolicy}“`,
  states: {
    stopped: 'Noch nicht bereit',
    'already-stopped': 'Bereits verlangt',
    joining: 'Noch nicht beigetreten',
  },
  plan: {
    title: 'Wer noch nicht bereit ist',
    card: 'Einführung',
    lead: 'Bei ihrer nächsten Anmeldung müssen diese Benutzer einen zweiten Schritt einrichten, den die Richtlinie erlaubt.',
    leadOfDeadline: (deadline) =>
      `Ab ${deadline} müssen diese Benutzer bei ihrer nächsten Anmeldung einen zweiten Schritt einrichten, den die Richtlinie erlaubt.`,
    users: (count) => `Gilt für ${count} Benutzer.`,
    noUser: 'Niemand muss dafür etwas einrichten.',
    none: 'Hier sind keine Benutzer.',
    caption: 'Benutzer, die noch nicht bereit sind',
    show: 'Anzeigen',
    all: 'Alle',
    user: 'Benutzer',
    why: 'Warum',
    state: 'Stand',
    exempt: 'Ausnehmen',
    statesHint:
      'Bereits verlangt: Eine andere Richtlinie oder die Konfiguration verlangt heute dasselbe. Noch nicht beigetreten: richtet den zweiten Schritt mit der Einladung ein.',
    open: 'Nicht bereit',
    summary: (count) =>
      count === 1 ? '1 Benutzer muss noch etwas einrichten' : `${count} Benutzer müssen noch etwas einrichten`,
    hasPermissions: 'Mit Berechtigungen',
    withPermissions: (count) => (count === 1 ? '1 davon hat Berechtigungen.' : `${count} davon haben Berechtigungen.`),
    noEmail: 'Keine E-Mail-Adresse',
    withoutEmail: (count) =>
      count === 1
        ? '1 davon hat keine E-Mail-Adresse und wird deshalb nicht erinnert. Sagen Sie es auf anderem Weg.'
        : `${count} davon haben keine E-Mail-Adresse und werden deshalb nicht erinnert. Sagen Sie es ihnen auf anderem Weg.`,
    titleWithPermissions: 'Benutzer mit Berechtigungen',
    titleWithout: 'Benutzer ohne Berechtigungen',
    whileExempt: {
      optional:
        'Ausgenommene Benutzer brauchen keinen zweiten Schritt, außer eine andere Richtlinie verlangt ihn oder sie haben Berechtigungen.',
      required: 'Ausgenommene Benutzer brauchen trotzdem einen zweiten Schritt.',
      'phishing-resistant': 'Ausgenommene Benutzer brauchen trotzdem einen Passkey.',
    },
    passwords: (minimum) =>
      `Solange ein zweiter Schritt freiwillig ist, brauchen neue Passwörter aller Benutzer mindestens ${minimum} Zeichen. Bestehende Passwörter gelten weiter.`,
    more: (count) => (count === 1 ? 'Und 1 weiterer Benutzer.' : `Und ${count} weitere Benutzer.`),
    noNames: `Um die Namen der Benutzer zu sehen, brauchen Sie die Berechtigung ${quoted(permissionNames['users:read'])}.`,
  },
  exemptions: {
    title: 'Ausnahmen',
    lead: 'Bis zum Ende der Ausnahme melden sich diese Benutzer so an wie zuvor, als die Richtlinie weniger verlangte. Benutzer mit Berechtigungen brauchen immer einen zweiten Schritt.',
    caption: 'Ausgenommene Benutzer',
    user: 'Benutzer',
    until: 'Bis',
    ended: 'Beendet',
    by: 'Gewährt von',
    operator: 'Betreiber',
    byHelp: 'Helpdesk',
    untilThen: 'Zweiter Schritt',
    asked: { optional: 'Nicht nötig', required: 'Nötig', 'phishing-resistant': 'Passkey nötig' },
    none: 'Keine Ausnahmen',
    add: 'Benutzer ausnehmen',
    open: 'Ausnahmen',
    end: 'Beenden',
    endTitle: (name, policy) => `Ausnahme für ${name} von „${policy}“ beenden?`,
    endLead:
      'Die Richtlinie gilt dann sofort. Ohne erlaubten zweiten Schritt wird bei der nächsten Anmeldung einer eingerichtet.',
    endSubmit: 'Ausnahme beenden',
    newTitle: (policy) => `Einen Benutzer von „${policy}“ ausnehmen`,
    newLead:
      'Zum Beispiel, solange jemand auf ein neues Telefon wartet. Nach dem letzten Tag gilt die Richtlinie wieder.',
    userLabel: 'Benutzername oder E-Mail',
    reasonLabel: 'Grund',
    reasonHint: 'Steht im Protokoll.',
    lastDay: 'Letzter Tag',
    lastDayHint: (zone) => `Höchstens ${stated.span(LONGEST_EXEMPTION)} im Voraus. Zeitzone: ${zone}.`,
    submit: 'Benutzer ausnehmen',
    cancel: 'Abbrechen',
    done: { exempted: 'Benutzer ausgenommen.', unexempted: 'Ausnahme beendet.' },
  },
  progress: {
    caption: 'Benutzer nach Tagen',
    users: 'Betroffene Benutzer',
    missing: 'Noch nicht bereit',
    asTable: 'Als Tabelle anzeigen',
    now: (met, users) => `${met} von ${users} bereit`,
    fillsUp: `Nach ${LEAST_DAYS_OF_PROGRESS} Tagen erscheint ein Diagramm.`,
    reminders: 'Erinnerungen per E-Mail',
    sent: 'Gesendet am',
    toSend: 'Fällig am',
    noMail: 'Dieser Server sendet keine E-Mails. Benutzer werden deshalb nur auf ihren Seiten erinnert.',
  },
  notice: {
    passkey: (day) => `Ab ${day} brauchen Sie einen Passkey. Richten Sie ihn jetzt ein.`,
    totp: (day) => `Ab ${day} brauchen Sie eine Authenticator-App. Richten Sie sie jetzt ein.`,
    any: (day) => `Ab ${day} brauchen Sie einen zweiten Schritt. Richten Sie ihn jetzt ein.`,
  },
  noticeAction: 'Zur Sicherheit',
  noticeSetUp: { passkey: 'Passkey hinzufügen', totp: 'Authenticator-App hinzufügen', any: 'Anmeldewege' },
  stopped: {
    since: {
      passkey: (day) => `Ihre Organisation verlangt seit ${day} einen Passkey.`,
      totp: (day) => `Ihre Organisation verlangt seit ${day} eine Authenticator-App.`,
      any: (day) => `Ihre Organisation verlangt seit ${day} einen zweiten Schritt.`,
    },
    why: 'In Ihrem Konto ist nichts verloren gegangen.',
    help: (instance) => `Wenn das nicht geht, wenden Sie sich an einen Admin von ${instance}.`,
  },
}
