"""The columns of Moodle's tables, whose headings are in the language of whoever downloads them.

German, French, Spanish, Italian, Portuguese and Dutch, in this order, from Moodle's language packs (assign.php:
recordid, maxgrade, gradecanbechanged, lastmodifiedsubmission; moodle.php: the others), https://download.moodle.org/langpack
"""

from __future__ import annotations

from collections.abc import Iterable

HEADINGS = {
    "Identifier": ("ID", "Identifiant", "Identificador", "Identificativo", "Identificatie"),
    "Full name": ("Vollständiger Name", "Nom complet", "Nombre completo", "Nome", "Nome completo", "Volledige naam"),
    "First name": ("Vorname", "Prénom", "Nombre", "Nome", "Voornaam"),
    "Last name": ("Nachname", "Nom de famille", "Nom", "Apellido(s)", "Cognome", "Apelido", "Achternaam"),
    "Username": ("Anmeldename", "Nom d’utilisateur", "Nom d'utilisateur", "Nombre de usuario", "Nome de utilizador",
                 "Gebruikersnaam"),
    "ID number": ("ID-Nummer", "Numéro d’identification", "Numéro d'identification", "Número de ID",
                  "Codice identificativo", "Número de identificação (ID)", "Nummer (ID)"),
    "Email address": ("E-Mail-Adresse", "Adresse de courriel", "Dirección de correo", "Indirizzo email", "E-mail",
                      "E-mailadres"),
    "Groups": ("Gruppen", "Groupes", "Grupos", "Gruppi", "Groepen"),
    "Grade": ("Bewertung", "Note", "Calificación", "Valutazione", "Avaliação", "Nota", "Cijfer", "Beoordeling"),
    "Maximum grade": ("Bestwertung", "Note maximale", "Calificación máxima", "Valutazione massima", "Nota máxima",
                      "Maximaal cijfer"),
    "Grade can be changed": ("Bewertung kann geändert werden", "La note peut être modifiée",
                             "La calificación puede ser cambiada", "La valutazione può essere cambiata",
                             "A nota pode ser alterada.", "Het cijfer kan gewijzigd worden"),
    "Last modified (submission)": ("Zuletzt geändert (Abgabe)", "Dernière modification (travail remis)",
                                   "Última modificación (entrega)", "Ultima modifica (consegna)",
                                   "Última atualização (submissão)", "Laatst gewijzigd (inzending)"),
}
NO = ("no", "nein", "non", "não", "nee")
LANGUAGES = "English, German, French, Spanish, Italian, Portuguese or Dutch"


def in_english(columns: Iterable[str]) -> dict[str, str]:
    """Moodle's English heading -> the table's own, for those that it has; the first of several.

    >>> in_english(["ID", "Vollständiger Name", "Bestwertung", "Feedback"])
    {'Identifier': 'ID', 'Full name': 'Vollständiger Name', 'Maximum grade': 'Bestwertung'}
    """
    own = {column.strip().casefold(): column for column in reversed(list(columns))}
    found = {english: next((own[word.casefold()] for word in (english, *others) if word.casefold() in own), None)
             for english, others in HEADINGS.items()}
    return {english: column for english, column in found.items() if column is not None}
