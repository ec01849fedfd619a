import { FAMILY_LIFETIME } from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { stated } from './stated.ts'

export const openid: Texts['openid'] = {
  unknown: {
    title: 'Diese App ist hier nicht bekannt',
    text: 'Die App, von der Sie kommen, ist auf diesem Server nicht eingetragen oder wurde gelöscht. Sie selbst können das nicht beheben. Sagen Sie einem Admin, welche App Sie öffnen wollten.',
  },
  agent: {
    title: 'Dieses Programm ist nicht zu prüfen',
    text: 'Das Programm, von dem Sie kommen, ist an einem Dokument im Internet zu erkennen, und das ist nicht brauchbar. Sie selbst können das nicht beheben. Sagen Sie einem Admin, welches Programm Sie verwenden wollten.',
    faults: {
      ip_address: 'Der Host des Dokuments hat eine Adresse, die nicht im öffentlichen Internet liegt.',
      unreachable: 'Der Host des Dokuments hat nicht rechtzeitig oder nicht sicher geantwortet.',
      status: 'An der URL ist kein Dokument.',
      type: 'An der URL ist kein JSON-Dokument.',
      size: 'Das Dokument ist zu lang.',
      json: 'Das Dokument ist kein gültiges JSON.',
      client_id: 'Das Dokument ist für eine andere URL (client_id).',
      client_name: 'Der Name im Dokument ist nicht darstellbar (client_name).',
      redirect_uris: 'Das Dokument würde Sie an eine Adresse schicken, die nicht sicher ist (redirect_uris).',
      scope: 'Was das Dokument verlangt, ist nicht lesbar (scope).',
      client_uri: 'Die Website im Dokument ist nicht sicher (client_uri).',
      too_many: 'Zu viele Programme sind ohne Eintrag gekommen.',
    },
  },
  disabled: {
    title: (app) => `${app} ist deaktiviert`,
    text: 'Ein Admin hat die Anmeldung bei dieser App von hier aus abgeschaltet. Fragen Sie einen Admin.',
  },
  redirectUri: {
    title: 'Die Adresse dieser App ist nicht eingetragen',
    text: 'Die App wollte Sie zu einer Adresse schicken, die kein Admin für sie eingetragen hat. Deshalb sind Sie noch hier. Sie selbst können das nicht beheben. Sagen Sie einem Admin, welche App Sie öffnen wollten.',
    admin:
      'Sind Sie der Admin? Tragen Sie diese Adresse bei den Redirect-URIs der App ein, wenn sie wirklich zur App gehört:',
  },
  request: {
    title: 'Mit der App stimmt etwas nicht',
    text: (description) =>
      `Die App, von der Sie kommen, hat nicht so gefragt, wie sie sollte. Deshalb können Sie sich bei ihr nicht anmelden. Versuchen Sie es von der App aus noch einmal. Wenn es dabei bleibt, geben Sie einem Admin diese Meldung: „${description}“`,
  },
  expired: {
    title: 'Das hat zu lange gedauert',
    text: 'Diese Anmeldung ist abgelaufen oder schon abgeschlossen. Gehen Sie zurück zur App und melden Sie sich dort noch einmal an. Es ist nichts verloren.',
  },
  signedInAs: (username) => `Hier angemeldet als ${username}`,
  signedIn: 'Hier angemeldet',
  notYou: 'Nicht Sie?',
  notYouDoes: 'Abmelden und anderes Konto verwenden',
  agree: {
    title: (app) => `Weiter zu ${app}?`,
    onDevice: (app) =>
      `Ein Programm auf diesem Gerät gibt sich als ${app} aus. Wir können das nicht prüfen. Fahren Sie nur fort, wenn Sie sich gerade selbst dort anmelden wollten.`,
    continue: 'Weiter',
    cancel: 'Abbrechen',
  },
  consent: {
    title: (app) => `Bei ${app} anmelden?`,
    lead: (app, host) => `${app} unter ${host} möchte Sie mit Ihrem Konto von hier anmelden.`,
    asksForMore: (app, host) => `${app} unter ${host} möchte mehr, als Sie bisher erlaubt haben.`,
    onDevice: (app) =>
      `Ein Programm auf diesem Gerät gibt sich als ${app} aus. Wir können das nicht prüfen. Erlauben Sie es nur, wenn Sie sich gerade selbst dort anmelden wollten.`,
    agentFrom: 'Dieses Programm kommt von',
    sees: (app) => `Was ${app} bekommt`,
    isNew: 'Neu',
    always: 'Dass Sie es sind',
    alwaysDetail: 'Eine ID, die gleich bleibt, und wann und wie Sie sich angemeldet haben',
    profile: 'Profil',
    profileDetail: 'Benutzername, voller Name, Sprache und Zeitzone',
    email: 'E-Mail-Adresse',
    verifiedEmail: 'Sobald Sie sie bestätigt haben',
    unverifiedEmail: 'Auch wenn sie nicht bestätigt ist',
    role: 'Rolle',
    roleDetail: (role) => `Ihre Rolle hier, zurzeit ${role}`,
    groups: 'Gruppen',
    allGroups: 'Alle Gruppen, in denen Sie sind',
    someGroups: (names) => `Ob Sie in diesen Gruppen sind: ${names}`,
    noGroups: 'Zurzeit keine',
    attributes: 'Weitere Angaben',
    resource: (name) => `Zugriff auf ${name}`,
    resourceDetail: (uri) => `In Ihrem Namen, unter ${uri}`,
    may: { both: 'Darf lesen und ändern', read: 'Darf lesen', write: 'Darf ändern', others: 'Weiterer Zugriff' },
    staysSignedIn: 'Bleibt angemeldet',
    inSession: (span) => `Solange Sie hier angemeldet sind, höchstens ${span}`,
    offline: `Im Hintergrund bis zu ${stated.span(FAMILY_LIFETIME)} lang, auch nachdem Sie sich hier abgemeldet haben`,
    allow: 'Erlauben',
    cancel: 'Abbrechen',
  },
  otherUser: {
    title: (app) => `${app} erwartet ein anderes Konto`,
    lead: (app, username) =>
      `Sie sind hier als ${username} angemeldet, aber ${app} hat nach jemand anderem gefragt. Melden Sie sich mit dem anderen Konto an, um fortzufahren.`,
    endsSession: (username) => `${username} wird hier vorher abgemeldet.`,
    signInAsOther: 'Anderes Konto verwenden',
    cancel: 'Abbrechen',
  },
  restricted: {
    title: (app) => `Sie können ${app} nicht verwenden`,
    leads: {
      role: (app) => `${app} ist nur für Personen mit bestimmten Rollen. Ihr Konto hat keine davon.`,
      group: (app) => `${app} ist nur für Personen in bestimmten Gruppen. Sie sind in keiner davon.`,
      role_or_group: (app) =>
        `${app} ist nur für Personen mit bestimmten Rollen oder in bestimmten Gruppen. Sie haben keine solche Rolle und sind in keiner solchen Gruppe.`,
    },
    ask: 'Wenn Sie die App brauchen, fragen Sie einen Admin.',
  },
  unmet: {
    title: (app) => `${app} verlangt mehr Schutz`,
    lead: (app, level) =>
      level === 'phishing-resistant'
        ? `Um ${app} zu öffnen, brauchen Sie einen Passkey. Ihr Konto hat keinen, der hier verwendet werden kann.`
        : `Um ${app} zu öffnen, brauchen Sie einen zweiten Schritt. Ihr Konto hat keinen, der hier verwendet werden kann.`,
    add: (level) => (level === 'phishing-resistant' ? 'Passkey hinzufügen' : 'Zweiten Schritt einrichten'),
    addThen: 'Richten Sie das zuerst ein, und öffnen Sie danach die App noch einmal.',
    notAllowed: 'Sie können Ihrem Konto hier keinen hinzufügen. Fragen Sie einen Admin.',
    back: (app) => `Zurück zu ${app}`,
  },
  device: {
    title: 'Auf einem Gerät anmelden',
    lead: 'Geben Sie den Code ein, den das Gerät zeigt.',
    code: 'Code',
    codeHint: 'Acht Buchstaben. Groß- und Kleinschreibung, Leerzeichen und Bindestriche sind egal.',
    continue: 'Weiter',
    question: (app) => `Auf einem Gerät bei ${app} anmelden?`,
    warning:
      'Erlauben Sie das nur, wenn Sie es selbst begonnen haben, an einem Gerät vor Ihnen. Wenn Ihnen jemand den Code geschickt hat, lehnen Sie ab: Sonst ist diese Person als Sie angemeldet.',
    shown: 'Code auf dem Gerät',
    asked: 'Angefragt',
    sameNetwork: 'Aus dem Netz dieses Browsers',
    otherNetwork: 'Aus einem anderen Netz als dem dieses Browsers',
    staysInSession: (end) => `Bis Sie sich in diesem Browser abmelden, höchstens bis ${end}`,
    staysOffline: (end) => `Bis ${end}, auch wenn Sie sich hier abmelden`,
    staysBriefly: (span) => `Für ${span}`,
    allow: 'Erlauben',
    deny: 'Ablehnen',
    changed: 'An dieser App hat sich inzwischen etwas geändert. Prüfen Sie noch einmal, was sie bekommt.',
    allowed: 'Das Gerät ist angemeldet',
    allowedText: (app) => `Machen Sie dort mit ${app} weiter. Diese Seite können Sie schließen.`,
    denied: 'Das Gerät ist nicht angemeldet',
    deniedText: (app) =>
      `Es hat keinen Zugang zu Ihrem Konto bekommen. Wenn Sie ${app} nicht selbst geöffnet haben, wollte sich jemand als Sie anmelden: Prüfen Sie, welche Geräte angemeldet sind.`,
    addThen: 'Richten Sie das zuerst ein, und geben Sie danach den Code noch einmal ein.',
  },
  signOut: {
    title: 'Abmelden',
    question: (app) =>
      `${app} möchte Sie auch hier abmelden. Danach müssen Sie sich neu anmelden, um Ihre Apps zu öffnen.`,
    unknownApp: 'Eine App möchte Sie auch hier abmelden. Danach müssen Sie sich neu anmelden, um Ihre Apps zu öffnen.',
    submit: 'Abmelden',
    stay: 'Angemeldet bleiben',
  },
  toProgram: {
    title: 'Zurück zur App',
    text: 'Ihr Browser öffnet die App, wenn Sie die Schaltfläche drücken. Diese Seite können Sie danach schließen.',
    open: 'App öffnen',
  },
  trial: {
    title: (app) => `Anmeldung bei ${app} testen`,
    lead: (username) =>
      `Das bekommt die App, wenn sich ${username} bei ihr anmeldet. Es wurde nur auf diesem Server ausprobiert: Die App hat nichts erfahren, und nichts wurde aufbewahrt.`,
    works: 'Die Anmeldung funktioniert',
    asks: (app) => `Vorher wird man gefragt, ob man weiter zu ${app} will.`,
    answer: 'Die Antwort',
    sentTo: 'Geht an',
    scopes: 'Erlaubte Scopes',
    renews: 'Kann die Anmeldung erneuern',
    yes: 'Ja',
    no: 'Nein',
    idToken: 'Im ID-Token',
    userinfo: 'Vom Userinfo-Endpunkt',
    authenticationNeeded: 'Sie müssten sich vorher noch einmal anmelden',
    authenticationHint:
      'Die App verlangt eine neuere oder stärkere Anmeldung als Ihre. Bestätigen Sie, dass Sie es sind, zum Beispiel indem Sie die App öffnen, und testen Sie dann noch einmal.',
    refused: 'Die Anmeldung wird abgelehnt',
    disabled: 'Die App ist deaktiviert.',
    toEnable: 'App aktivieren',
    error: 'Die App bekommt',
    description: 'Mit dem Text',
    again: 'Noch einmal testen',
  },
  signedOut:
    'Apps, die Sie in diesem Browser geöffnet haben, lassen Sie vielleicht noch eine Weile angemeldet. Melden Sie sich auf einem gemeinsam genutzten Gerät auch dort ab.',
}
