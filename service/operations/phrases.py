"""What the mails say: plain words, a link, and nothing about anybody."""

from __future__ import annotations

from types import MappingProxyType

_BYE = "\n\nDit bericht is automatisch gemaakt. Antwoorden kan niet.\n"

#: kind -> subject and text; `{link}` is the only thing that differs.
MAILS = MappingProxyType(
    {
        "uitnodiging": (
            "U bent uitgenodigd",
            "Goedendag,\n\nU bent uitgenodigd om mee te doen in Sluitend. Open deze link:\n\n{link}\n\n"
            "U hebt ook een code van zes cijfers nodig. Die hoort u apart van ons. Hebt u hier niet om gevraagd?"
            " Doe dan niets." + _BYE,
        ),
        "weer_inloggen": (
            "Kies een nieuw wachtwoord",
            "Goedendag,\n\nMet deze link kiest u een nieuw wachtwoord voor Sluitend:\n\n{link}\n\n"
            "U hebt ook een code van zes cijfers nodig. Die hoort u apart van ons. Hebt u hier niet om gevraagd?"
            " Doe dan niets, en laat het ons weten." + _BYE,
        ),
        "taak": (
            "Er staat een taak voor u klaar",
            "Goedendag,\n\nEr staat een taak voor u klaar in Sluitend. Log in om te zien wat er van u gevraagd"
            " wordt:\n\n{link}" + _BYE,
        ),
        "taken": (
            "Er staan taken voor u klaar",
            "Goedendag,\n\nEr staan nieuwe taken voor u klaar in Sluitend. Log in om te zien wat er van u gevraagd"
            " wordt:\n\n{link}" + _BYE,
        ),
        "noodknop": (
            "De noodknop is gebruikt",
            "Goedendag,\n\nIemand heeft de noodknop gebruikt. Log in om te zien waarom, en of dat klopt:"
            "\n\n{link}" + _BYE,
        ),
        "hulpvraag": (
            "Er is een vraag om hulp",
            "Goedendag,\n\nEr is een nieuwe vraag om hulp. Log in om te zien wie er gebeld wil worden:"
            "\n\n{link}" + _BYE,
        ),
        "vervanging": (
            "U vervangt een collega",
            "Goedendag,\n\nU bent gevraagd om een collega te vervangen. Log in om te zien wanneer:"
            "\n\n{link}" + _BYE,
        ),
    }
)
