import {
  APP_AGES,
  ATTRIBUTE_KEY_MAXIMUM,
  DEVICE_CODE_LIFETIME,
  FARTHEST_YEARS,
  LEAST_CHOICES,
  LONGEST_EXEMPTION,
  LONGEST_HELP_EXEMPTION,
  NUMBER_DIGITS,
  TOKEN_LIFETIMES,
} from '#foundation/kernel/stated-limits.ts'
import type { Texts } from '../english.ts'
import { attributes } from './attributes.ts'
import { policies } from './policies.ts'
import { quoted } from './quoted.ts'
import { stated, statedDative } from './stated.ts'

export const fieldErrors: Texts['fieldErrors'] = {
  'field.missing': () => 'Diese Angabe fehlt.',
  'field.unknown': () => 'Unbekanntes Feld.',
  'field.type': (_wanted) => 'Diese Angabe hat die falsche Form.',
  'field.too_short': ({ minimum }) =>
    minimum === 1 ? 'Geben Sie hier etwas ein.' : `Verwenden Sie mindestens ${minimum} Zeichen.`,
  'field.too_long': ({ maximum }) => `Verwenden Sie höchstens ${maximum} Zeichen.`,
  'field.too_few': ({ minimum }) => `Wählen Sie mindestens ${minimum}.`,
  'field.too_many': ({ maximum }) => `Wählen Sie höchstens ${maximum}.`,
  'field.range': ({ comparison, limit }) =>
    `Geben Sie eine Zahl ${COMPARISONS[String(comparison)] ?? 'nahe'} ${limit} ein.`,
  'field.choice': ({ choices }) => `Wählen Sie eines von: ${choices}.`,
  'field.format': ({ format }) => `Geben Sie ${FORMATS[String(format)] ?? `das Format „${format}“`} ein.`,
  'field.characters': () => 'Entfernen Sie das nicht unterstützte Zeichen.',
  'field.repeated': () => 'Geben Sie das nur einmal an.',
  'field.file': () => 'Geben Sie Text ein, keine Datei.',
  'field.cursor': () => 'Diese Stelle der Liste gibt es nicht. Beginnen Sie auf der ersten Seite.',
  'user.username_empty': () => 'Geben Sie einen Benutzernamen ein.',
  'user.username_too_long': ({ maximum }) => `Verwenden Sie höchstens ${maximum ?? 64} Zeichen.`,
  'user.username_characters': () =>
    'Verwenden Sie kein @, keine unsichtbaren Zeichen, keine doppelten Leerzeichen und keine am Anfang oder Ende.',
  'user.username_mixed_scripts': () =>
    'Verwenden Sie Buchstaben eines einzigen Alphabets. Buchstaben aus mehreren, etwa lateinische und kyrillische, können gleich aussehen.',
  'user.username_taken': () => 'Dieser Benutzername ist vergeben.',
  'user.email_malformed': () => 'Geben Sie eine E-Mail-Adresse wie ada@example.org ein.',
  'user.email_routed': () =>
    'Verwenden Sie eine E-Mail-Adresse ohne Prozent- und Ausrufezeichen. Mailserver stellen E-Mails sonst vielleicht an eine andere Domain zu.',
  'user.email_too_long': ({ maximum }) => `Verwenden Sie höchstens ${maximum ?? 254} Zeichen.`,
  'user.email_taken': () => 'Diese E-Mail-Adresse ist vergeben.',
  'registration.domain_not_allowed': ({ domains }) => `Verwenden Sie eine Adresse einer dieser Domains: ${domains}.`,
  'user.full_name_too_long': ({ maximum }) => `Verwenden Sie höchstens ${maximum ?? 200} Zeichen.`,
  'user.full_name_characters': () => 'Entfernen Sie das nicht unterstützte Zeichen.',
  'invitation.mail_off': () => 'Dieser Server sendet keine E-Mails. Zeigen Sie stattdessen den Link an.',
  'invitation.no_address': () => 'Geben Sie eine E-Mail-Adresse ein oder zeigen Sie stattdessen den Link an.',
  'role.unknown': () => 'Eine Rolle mit diesem Namen gibt es nicht.',
  'role.name_taken': () => 'Dieser Name ist vergeben.',
  'role.name_reserved': () => 'Dieser Name ist reserviert. Wählen Sie einen anderen.',
  'role.name_characters': ({ maximum }) =>
    `Verwenden Sie 2 bis ${maximum} Kleinbuchstaben, Ziffern und Bindestriche, ohne Bindestrich am Anfang oder Ende.`,
  'attribute.key_characters': () =>
    `Verwenden Sie bis zu ${ATTRIBUTE_KEY_MAXIMUM} Kleinbuchstaben, Ziffern und Unterstriche. Beginnen Sie mit einem Buchstaben.`,
  'attribute.key_taken': () => 'Ein anderes Attribut hat diesen Schlüssel. Wählen Sie einen anderen.',
  'attribute.key_reserved': () =>
    'So heißt schon ein eingebautes Feld oder ein Claim von Apps. Wählen Sie einen anderen Schlüssel.',
  'attribute.key_permanent': () => 'Ein Schlüssel lässt sich nicht ändern. Nur ein reservierter lässt sich umbenennen.',
  'attribute.choices_unused': () =>
    `Möglichkeiten hat nur der Typ ${quoted(attributes.types.choice)}. Lassen Sie das leer oder wählen Sie diesen Typ.`,
  'attribute.too_few_choices': () => `Geben Sie mindestens ${LEAST_CHOICES} Möglichkeiten ein.`,
  'attribute.choice_repeated': () => 'Geben Sie jede Möglichkeit nur einmal ein.',
  'attribute.changed_unseen': () =>
    'Ein Feld, das Benutzer nicht sehen, können sie nicht ändern. Machen Sie es sichtbar oder nur für Admins änderbar.',
  'attribute.asked_unchangeable': () =>
    'Bei der Registrierung kann nur abgefragt werden, was Benutzer selbst ändern können.',
  'attribute.type_in_use': ({ users }) =>
    `Benutzer mit einem Wert des aktuellen Typs: ${users}. Löschen Sie das Attribut und legen Sie ein anderes an.`,
  'attribute.choice_in_use': ({ users }) =>
    `Benutzer mit einer Möglichkeit, die Sie entfernt haben: ${users}. Geben Sie ihnen zuerst einen anderen Wert.`,
  'attribute.admin_only': () => 'Das können nur Admins ändern.',
  'attribute.number': () => `Geben Sie eine Zahl wie 12,5 ein, mit höchstens ${NUMBER_DIGITS} Ziffern.`,
  'attribute.yes_no': () => 'Wählen Sie Ja oder Nein.',
  'csv.columns': ({ columns }) =>
    `Die erste Zeile muss die Spalten nennen: ${columns}. Deutsche Namen wie Benutzername und E-Mail gelten auch. Nötig ist nur username.`,
  'csv.empty': () => 'Unter der Zeile mit den Spaltennamen stehen keine Benutzer.',
  'csv.too_many': ({ maximum }) => `Höchstens ${maximum} Zeilen auf einmal.`,
  'csv.quotes': ({ line }) => `Schließen Sie das Anführungszeichen in Zeile ${line}, oder verdoppeln Sie es im Text.`,
  'csv.encoding': ({ line }) =>
    `Zeile ${line} hat Zeichen, die beim Lesen der Liste verloren gingen. Speichern Sie sie als UTF-8, in einer Tabellenkalkulation etwa als „CSV UTF-8“, und verwenden Sie sie noch einmal.`,
  'csv.cells': ({ maximum }) =>
    `Diese Zeile hat mehr Werte als Spalten (${maximum}). Setzen Sie Werte mit Kommas in Anführungszeichen.`,
  'csv.repeated': ({ line }) => `Das steht schon in Zeile ${line}.`,
  'group.name_characters': () =>
    'Verwenden Sie keine Semikolons, Zeilenumbrüche, doppelten Leerzeichen oder unsichtbaren Zeichen.',
  'policy.name_characters': () =>
    'Verwenden Sie keine Zeilenumbrüche, doppelten Leerzeichen oder unsichtbaren Zeichen.',
  'group.name_taken': () => 'Eine andere Gruppe heißt schon so.',
  'group.unknown': () => 'Es gibt keine Gruppe mit diesem Namen.',
  'app.name_characters': () => 'Verwenden Sie keine Zeilenumbrüche, doppelten Leerzeichen oder unsichtbaren Zeichen.',
  'app.name_taken': () => 'Eine andere App heißt schon so.',
  'app.url_malformed': () => 'Geben Sie die Adresse ein, unter der man die App öffnet, etwa https://app.example.org.',
  'app.uri_missing': () => 'Geben Sie mindestens eine Adresse ein.',
  'app.uri_repeated': () => 'Geben Sie jede Adresse nur einmal ein.',
  'app.uri_too_long': ({ maximum, line }) => `${inLine(line)}Verwenden Sie höchstens ${maximum} Zeichen.`,
  'app.uri_malformed': ({ line }) =>
    `${inLine(line)}Geben Sie eine ganze Adresse wie https://app.example.org/callback ein.`,
  'app.uri_wildcard': ({ line }) => `${inLine(line)}Geben Sie die ganze Adresse ein, ohne Sternchen.`,
  'app.uri_fragment': ({ line }) => `${inLine(line)}Lassen Sie den Teil ab dem # weg.`,
  'app.uri_user_info': ({ line }) => `${inLine(line)}Lassen Sie den Namen und das @ vor dem Host weg.`,
  'app.uri_scheme': ({ line }) => `${inLine(line)}Adressen dieser Art führen nicht zu einer App. Verwenden Sie https.`,
  'app.uri_http': ({ line }) =>
    `${inLine(line)}Verwenden Sie https. Ohne das könnten andere im Netz die Anmeldung übernehmen.`,
  'app.uri_http_public': ({ line }) =>
    `${inLine(line)}Verwenden Sie https. Ohne das sind nur Adressen eines privaten Netzes erlaubt, etwa 192.168.1.5 oder nas.local.`,
  'app.api_uris': () =>
    'Bei einer API meldet sich niemand an, also hat sie keine Redirect-URIs. Lassen Sie diese Felder leer.',
  'app.api_people': () =>
    'Eine API öffnet niemand, also lassen Sie das leer. Wer eine App verwenden darf, steht bei den Apps, die Tokens für die API bekommen.',
  'app.api_secret': () =>
    'Eine API braucht ein Geheimnis, um Tokens zu prüfen. Wählen Sie eine andere Art der Authentifizierung.',
  'app.browser_secret': () => 'Eine App im Browser kann kein Geheimnis bewahren. Wählen Sie „keines“.',
  'app.public_without_pkce': () => 'Eine App ohne Geheimnis braucht immer PKCE.',
  'app.offline_without_refresh': () => 'Eine App, die ohne Sitzung angemeldet bleibt, braucht Refresh-Tokens.',
  'app.claim_characters': () =>
    'Verwenden Sie für einen Claim bis zu 100 Buchstaben, Ziffern, Punkte, Doppelpunkte, Schräg-, Binde- und Unterstriche. Am Anfang steht ein Buchstabe.',
  'app.claim_reserved': () => 'Unter diesem Namen sendet der Server etwas anderes. Wählen Sie einen anderen Claim.',
  'app.claim_repeated': () => 'Verwenden Sie jeden Claim nur einmal.',
  'app.group_unknown': () => 'Eine dieser Gruppen gibt es nicht.',
  'app.role_unknown': () => 'Eine dieser Rollen gibt es nicht.',
  'app.max_age': () =>
    `Wählen Sie mindestens ${stated.span(APP_AGES.shortest)} und höchstens ${stated.span(APP_AGES.longest)}.`,
  'app.start_url': () => 'Geben Sie eine Adresse ein, die mit https beginnt.',
  'app.icon_type': () => 'Wählen Sie ein Bild im Format PNG oder WebP.',
  'app.icon_size': ({ minimum, maximum }) =>
    `Wählen Sie ein quadratisches Bild mit ${minimum} bis ${maximum} Pixeln je Seite.`,
  'app.icon_animated': () => 'Wählen Sie ein Bild, das sich nicht bewegt.',
  'app.icon_damaged': () =>
    'Dieses Bild ist beschädigt, oder in der Datei steckt noch etwas anderes. Speichern Sie es in einem Bildprogramm neu.',
  'app.icon_too_large': ({ maximum }) => `Wählen Sie eine Datei von höchstens ${maximum} KB.`,
  'app.user_code': () =>
    `Prüfen Sie die Buchstaben, oder holen Sie auf dem Gerät einen neuen Code: Ein Code gilt einmal und ${stated.span(DEVICE_CODE_LIFETIME)} lang.`,
  'app.attribute_unknown': () => 'Eines dieser Attribute gibt es nicht.',
  'app.secret_too_short': ({ minimum }) => `Verwenden Sie mindestens ${minimum} Zeichen.`,
  'app.id_characters': () =>
    'Verwenden Sie bis zu 64 Buchstaben, Ziffern, Punkte, Binde- und Unterstriche. Am Anfang steht ein Buchstabe oder eine Ziffer.',
  'app_file.table': () => 'Schreiben Sie den Namen in zwei Paar Klammern darüber, wie [[app]], jedes Mal.',
  'app_file.repeated': ({ line }) => `Das steht schon in Zeile ${line}.`,
  'app_file.hash': () => 'Schreiben Sie sha256: und die 64 hexadezimalen Ziffern vom Hash des Geheimnisses.',
  'app_file.secret_twice': () =>
    'Geben Sie die Hashes der Geheimnisse oder eine Datei mit einem Geheimnis an, nicht beides.',
  'app_file.secret_of_public': () =>
    'Eine App ohne Geheimnis kann keines haben. Lassen Sie das weg, oder wählen Sie eine andere auth_method.',
  'app_file.secret_missing': () =>
    'Ohne Geheimnis könnte sich niemand bei dieser App anmelden. Geben Sie secret_hashes oder secret_file an.',
  'invitation.lifetime': () => 'Wählen Sie eine der angebotenen Zeiten.',
  'host.name_taken': () => 'Dieser Host ist schon geschützt.',
  'host.name_malformed': () => 'Geben Sie einen Hostnamen ein wie photos.example.org, ohne Port und Pfad.',
  'host.name_own': () => 'Das ist der Host dieses Servers selbst. Wählen Sie den Host einer anderen App.',
  'host.path': () =>
    'Geben Sie einen Pfad ein wie /admin, aus Buchstaben von A bis Z, Ziffern und Zeichen. Semikolons, Prozentzeichen und Teile nur aus Punkten sind nicht möglich.',
  'host.path_slash': () => 'Beginnen Sie den Pfad mit einem Schrägstrich, etwa /admin.',
  'host.method': () => 'Geben Sie Methoden ein wie GET oder POST.',
  'host.role_unknown': () => 'Eine dieser Rollen gibt es nicht.',
  'host.group_unknown': () => 'Eine dieser Gruppen gibt es nicht.',
  'host.names_unused': () => 'Diese Regel nennt weder Rollen noch Gruppen. Lassen Sie das leer.',
  'host.open_requires': () => 'Ein Pfad, der allen offensteht, kann keine Authentifizierung verlangen.',
  'host.max_age': () =>
    `Wählen Sie ganze Sekunden, mindestens ${stated.span(APP_AGES.shortest)} und höchstens ${stated.span(APP_AGES.longest)}.`,
  'host.groups_long': ({ maximum }) =>
    `Wählen Sie weniger Gruppen. Zusammen sind die Namen länger als ${maximum} Bytes.`,
  'resource.uri_taken': () => 'Eine andere Ressource hat schon diese URI.',
  'resource.uri_malformed': () => 'Geben Sie eine ganze URI ein wie https://api.example.org/.',
  'resource.uri_http': () => 'Verwenden Sie https. Ohne könnten andere im Netz die Tokens mitlesen.',
  'resource.uri_form': () =>
    'Schreiben Sie Schema und Host klein, ohne den üblichen Port, und den Pfad ohne Punkte zwischen Schrägstrichen.',
  'resource.lifetime': ({ minimum, maximum }) => `Wählen Sie eine Zeit von ${minimum} bis ${maximum} Sekunden.`,
  'resource.app_missing': () => 'Wählen Sie die App, die die Tokens prüft. Nur JWTs lassen sich ohne eine prüfen.',
  'resource.app_unknown': () => 'Diese App gibt es nicht.',
  'resource.app_public': () => 'Eine App ohne Geheimnis kann keine Tokens prüfen. Wählen Sie eine, die eines hat.',
  'resource.scope_characters': ({ maximum }) =>
    `Verwenden Sie bis zu ${maximum} Buchstaben, Ziffern und Zeichen, aber keine Anführungszeichen, Backslashs oder Umlaute.`,
  'resource.scope_reserved': () => 'Unter einem dieser Scopes gibt der Server etwas anderes. Wählen Sie andere Namen.',
  'agents.document': ({ entry }) =>
    `Geben Sie URLs von Dokumenten ein wie https://agent.example/client.json, oder Hosts wie agent.example. „${entry}“ ist weder das eine noch das andere.`,
  'user.expiry_past': () =>
    'Wählen Sie einen Zeitpunkt in der Zukunft. Um den Zugang jetzt zu beenden, deaktivieren Sie das Konto.',
  'policy.says_nothing': () => 'Wählen Sie mindestens eines, was die Richtlinie festlegt.',
  'policy.set_by_configuration': () =>
    'In der Konfiguration des Servers festgelegt. Eine Richtlinie kann es nicht ändern.',
  'policy.role_needs_second_factor': () => 'Benutzer mit Berechtigungen brauchen immer einen zweiten Schritt.',
  'policy.no_factor': () =>
    'Erlauben Sie mindestens eine Art von zweitem Schritt. Phishing-sicher ist nur ein Passkey.',
  'policy.no_passkeys_here': () =>
    'An der Adresse dieses Servers können Browser keine Passkeys anlegen. Erlauben Sie Authenticator-Apps.',
  'policy.no_factor_left': (facts) =>
    `${facts['policy'] ? `„${facts['policy']}“` : 'Diese Richtlinie'} und „${facts['other']}“ würden zusammen einem Benutzer, für den beide gelten, keinen erlaubten zweiten Schritt lassen. ${bothToday(facts)} Ändern Sie eine der beiden.`,
  'policy.duration': ({ least, most }) => `Wählen Sie eine Zeit von ${least} bis ${most}.`,
  'policy.idle_beyond_absolute': () => `Darf nicht länger sein als ${quoted(policies.form.sessionAbsolute)}.`,
  'policy.span': () => 'Geben Sie eine ganze Zahl wie 30 ein.',
  'policy.deadline': () => 'Wählen Sie einen Stichtag und eine Uhrzeit wie 08:00.',
  'policy.not_in_future': () =>
    `Wählen Sie eine Zeit in den nächsten ${FARTHEST_YEARS} Jahren oder ${quoted(policies.form.now)}.`,
  'policy.scope_without_ref': () => 'Eine Richtlinie für alle kann keine Rolle oder Gruppe haben.',
  'policy.no_such_role': () => 'Diese Rolle gibt es nicht.',
  'policy.no_such_group': () => 'Diese Gruppe gibt es nicht.',
  'api_token.expiry': () =>
    `Wählen Sie einen Zeitpunkt zwischen ${statedDative.span(TOKEN_LIFETIMES.shortest)} und ${statedDative.span(TOKEN_LIFETIMES.longest)} von jetzt an.`,
  'exemption.no_user': () => 'Diesen Benutzer gibt es nicht.',
  'exemption.end_past': () => 'Wählen Sie einen Zeitpunkt in der Zukunft.',
  'exemption.help_too_far': () =>
    `Wählen Sie einen Zeitpunkt in den nächsten ${statedDative.span(LONGEST_HELP_EXEMPTION)}.`,
  'exemption.end_too_far': () => `Wählen Sie einen Zeitpunkt in den nächsten ${statedDative.span(LONGEST_EXEMPTION)}.`,
  'api_token.host_unknown': () => 'Es gibt keinen Host mit diesem Namen, der API-Tokens einlässt.',
  'api_token.scope_at_host': () => 'Ein Token für einen Host hat hier keine Berechtigungen. Wählen Sie keine.',
  'api_token.no_scope': () => 'Wählen Sie mindestens eine Berechtigung.',
  'api_token.scope_beyond': () => 'Wählen Sie nur Berechtigungen, die das Konto hat.',
  'password.too_short': ({ minimum }) => `Verwenden Sie mindestens ${minimum} Zeichen.`,
  'password.too_long': ({ maximum }) => `Verwenden Sie höchstens ${maximum} Zeichen.`,
  'password.own_name': () =>
    'Verwenden Sie nicht Ihren Namen, Ihren Benutzernamen oder Ihre E-Mail-Adresse als Passwort.',
  'password.site_name': () => 'Verwenden Sie nicht den Namen oder die Adresse dieser Website als Passwort.',
  'password.common': () => 'Dieses Passwort ist zu verbreitet. Wählen Sie ein anderes.',
  'password.pattern': () => 'Verwenden Sie kein Muster wie abcabc oder 12345678.',
  'password.unchanged': () => 'Das ist das aktuelle Passwort. Wählen Sie ein anderes.',
  'password.breached': () =>
    'Dieses Passwort ist in einem Datenleck aufgetaucht. Wählen Sie ein anderes, und ändern Sie es überall, wo Sie es verwenden.',
  'password.characters': () => 'Entfernen Sie Zeilenumbrüche und andere unsichtbare Zeichen.',
}

const COMPARISONS: Readonly<Record<string, string>> = {
  '>=': 'von mindestens',
  '<=': 'von höchstens',
  '>': 'über',
  '<': 'unter',
}

/** Für wen zwei Richtlinien heute gelten. */
function bothToday({ users, names, more }: Readonly<Record<string, string | number>>): string {
  if (users === 0) return 'Heute gelten beide für niemanden, aber neue Mitglieder und andere Rollen können das ändern.'
  if (!names) return 'Heute gelten beide für mindestens einen Benutzer.'
  return `Heute gelten beide für ${names}${more === 1 ? ' und andere' : ''}.`
}

const FORMATS: Readonly<Record<string, string>> = {
  'language tag': 'ein Sprachkürzel wie de-AT',
  'IANA time zone': 'eine IANA-Zeitzone wie Europe/Berlin',
  'date-time': 'einen Zeitpunkt wie 2030-01-31T12:00:00Z',
  date: 'ein Datum wie 2030-01-31',
  uri: 'eine Webadresse',
  'ip-network': 'eine Adresse wie 192.0.2.7 oder ein Netz wie 192.0.2.0/24',
  documented: 'die dokumentierte Schreibweise',
}

/** The line of a list, where there are several. */
function inLine(line: string | number | undefined): string {
  return line === undefined ? '' : `Zeile ${line}: `
}
