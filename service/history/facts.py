"""The vocabulary of facts: `<noun>:<past participle>`. A kind that is not here is not written."""

from __future__ import annotations

from types import MappingProxyType

#: Every kind with what it tells, in Dutch, for the story of a case.
KINDS = MappingProxyType(
    {
        "casus:opened": "Casus geopend",
        "decision:evaluated": "Beslistabel toegepast",
        "family:invited": "Familie uitgenodigd",
        "member:changed": "Rollen van een medewerker gewijzigd",
        "member:invited": "Medewerker uitgenodigd",
        "member:joined": "Uitnodiging aangenomen",
        "member:removed": "Medewerker verwijderd",
        "member:uninvited": "Uitnodiging ingetrokken",
        "address:kept": "Verblijf afgeschermd",
        "address:told": "Verblijf niet meer afgeschermd",
        "custody:recorded": "Gezag vastgelegd",
        "casus:linked": "Gekoppeld aan een andere casus over hetzelfde kind",
        "casus:separated": "Vastgesteld dat een andere casus over een ander kind gaat",
        "consent:said": "Toestemming of bezwaar vastgelegd",
        "dossier:disclosed": "Gegevens verstrekt",
        "dossier:withheld": "Gegevens niet verstrekt: geen toestemming",
        "emergency:opened": "Noodknop gebruikt",
        "substitute:recorded": "Waarneming vastgelegd",
        "element:activated": "Stap begonnen",
        "element:cancelled": "Stap vervallen",
        "element:completed": "Stap klaar",
        "error:thrown": "Fout gemeld in het proces",
        "escalation:thrown": "Escalatie gemeld",
        "expression:warned": "Formule zonder antwoord",
        "flow:taken": "Route genomen",
        "incident:raised": "Stap vastgelopen",
        "incident:resolved": "Vastgelopen stap hersteld",
        "instance:completed": "Proces afgerond",
        "instance:migrated": "Proces overgezet naar een andere versie",
        "instance:modified": "Proces met de hand verzet",
        "instance:resumed": "Proces hervat",
        "instance:started": "Proces gestart",
        "instance:suspended": "Proces stilgezet",
        "instance:terminated": "Proces gestopt",
        "job:completed": "Opdracht uitgevoerd",
        "job:created": "Opdracht klaargezet",
        "job:failed": "Opdracht mislukt",
        "message:delivered": "Bericht ontvangen",
        "message:sent": "Bericht verstuurd",
        "signal:sent": "Signaal verstuurd",
        "task:assigned": "Taak opgepakt",
        "task:cancelled": "Taak vervallen",
        "task:completed": "Taak afgerond",
        "task:created": "Taak klaargezet",
        "task:unassigned": "Taak teruggegeven",
        "timer:fired": "Termijn verstreken",
        "variable:written": "Procesgegeven vastgelegd",
    }
)
