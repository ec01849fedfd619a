import type { Texts } from '../english.ts'

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
    stopped: 'Wird angehalten',
    'already-stopped': 'Schon jetzt angehalten',
    joining: 'Noch nicht beigetreten',
  },
  plan: {
    title: 'Vorschau',
    lead: 'Alle hier müssen bei ihrer nächsten Anmeldung einen zweiten Schritt einrichten, bevor etwas anderes möglich ist. Sie melden sich mit allem an, was sie haben, und das reicht nicht.',
    leadOfDeadline: (deadline) =>
      `Ab ${deadline} müssen alle hier bei ihrer nächsten Anmeldung einen zweiten Schritt einrichten, bevor etwas anderes möglich ist. Bis dahin ändert sich für sie nichts.`,
    concerned: (count) => (count === 1 ? '1 Benutzer ist betroffen.' : `${count} Benutzer sind betroffen.`),
    nobody: 'Die Richtlinie hält keinen Benutzer an.',
    none: 'Hier sind keine Benutzer.',
    caption: 'Benutzer, die die Richtlinie anhält',
    show: 'Anzeigen',
    all: 'Alle',
    user: 'Benutzer',
    why: 'Warum',
    state: 'Zustand',
    exempt: 'Ausnehmen',
    statesHint:
      '„Schon jetzt angehalten“ heißt, dass eine andere Regel heute dasselbe verlangt. „Noch nicht beigetreten“ heißt, dass es noch kein Passwort gibt. Der zweite Schritt wird dann mit der Einladung eingerichtet.',
    open: 'Ansehen, wer angehalten wird',
    summary: (count) => (count === 1 ? '1 Benutzer wird angehalten' : `${count} Benutzer werden angehalten`),
    summaryNow: (count) => (count === 1 ? '1 Benutzer ist angehalten' : `${count} Benutzer sind angehalten`),
    more: (count) => (count === 1 ? 'Und 1 weiterer Benutzer.' : `Und ${count} weitere Benutzer.`),
    noNames: 'Um die Namen der Benutzer zu sehen, brauchen Sie die Berechtigung „Benutzer ansehen“.',
    back: 'Zurück zur Richtlinie',
  },
  exemptions: {
    title: 'Ausnahmen',
    lead: 'Für diese Benutzer gilt die Richtlinie bis zum Ende der Ausnahme nicht. Benutzer mit Berechtigungen brauchen immer einen zweiten Schritt.',
    caption: 'Ausgenommene Benutzer',
    user: 'Benutzer',
    reason: 'Grund',
    until: 'Bis',
    ended: 'Beendet',
    by: 'Gewährt von',
    operator: 'Betreiber',
    none: 'Keine Ausnahmen.',
    add: 'Benutzer ausnehmen',
    open: 'Ausnahmen',
    count: (count) => (count === 1 ? '1 Ausnahme' : `${count} Ausnahmen`),
    end: 'Beenden',
    endTitle: (name, policy) => `Ausnahme für ${name} von „${policy}“ beenden?`,
    endLead:
      'Die Richtlinie gilt dann sofort. Ohne erlaubten zweiten Schritt wird bei der nächsten Anmeldung einer eingerichtet.',
    endSubmit: 'Ausnahme beenden',
    newTitle: (policy) => `Einen Benutzer von „${policy}“ ausnehmen`,
    newLead:
      'Zum Beispiel, solange jemand auf ein neues Telefon wartet. Geben Sie ein Ende an: Danach gilt die Richtlinie von selbst.',
    userLabel: 'Benutzername oder E-Mail',
    reasonLabel: 'Grund',
    reasonHint: 'Steht im Protokoll.',
    lastDay: 'Letzter Tag',
    lastDayHint: (zone) => `Höchstens 366 Tage voraus. Endet mit diesem Tag, ${zone}.`,
    submit: 'Benutzer ausnehmen',
    cancel: 'Abbrechen',
    done: { exempted: 'Benutzer ausgenommen.', unexempted: 'Ausnahme beendet.' },
  },
  progress: {
    title: 'Fortschritt',
    caption: 'Benutzer nach Tagen',
    concerned: 'Betroffen',
    missing: 'Noch ohne das, was die Richtlinie verlangt',
    asTable: 'Als Tabelle',
    now: (met, concerned) => `${met} von ${concerned} Benutzern haben, was die Richtlinie verlangt.`,
    fillsUp: 'Nach drei Tagen erscheint ein Diagramm.',
    reminders:
      'Benutzer werden per E-Mail erinnert: bei der Ankündigung, eine Woche vor dem Termin und einen Tag davor.',
    noMail: 'Dieser Server versendet keine E-Mail. Daran erinnern also nur die Seiten der Benutzer.',
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
    why: 'Richten Sie das jetzt ein, um weiterzumachen. In Ihrem Konto ist nichts verloren gegangen.',
    help: (instance) => `Wenn das nicht geht, wenden Sie sich an einen Admin von ${instance}.`,
  },
}
