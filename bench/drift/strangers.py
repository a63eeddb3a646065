"""The pages that come instead of the page: walls, challenges, error pages, parked domains, another language."""

from __future__ import annotations

from html import escape
from random import Random

NOT_FOUND = (
    "<h1>Page not found</h1><p>The page you are looking for does not exist or has been moved. Try the search, or go back to the start page.</p>",
    "<h1>404</h1><p>Sorry, we could not find that. It may have been renamed.</p><ul><li><a href='/'>Home</a></li><li><a href='/search'>Search</a></li></ul>",
    "<h1>Oops!</h1><p>Nothing here. The link you followed is probably broken.</p>",
    "<h1>This dataset is not available</h1><p>We could not find the record you asked for.</p>",
)
LOGIN_WALLS = (
    "<h1>Sign in</h1><form method='post' action='/session'><label>Email <input name='email'></label><label>Password "
    "<input type='password' name='password'></label><button>Sign in</button></form><p><a href='/forgot'>Forgot your password?</a></p>",
    "<h1>Log in to continue</h1><p>You need an account to view this page.</p><form><input name='user'>"
    "<input type='password' name='pass'><input type='hidden' name='t' value='{token}'><button>Log in</button></form>",
    "<h1>Welcome back</h1><p>Please log in with your institution.</p><form><input type='password' name='p'><button>Continue</button></form>"
    "<p>New here? <a href='/register'>Create an account</a></p>",
)
CONSENT_WALLS = (
    "<h1>Before you continue</h1><p>We and our 342 partners store and access information on your device, such as cookies, to show "
    "personalised content and to measure audiences.</p><form action='/consent'><button>Reject all</button><button>Accept all</button></form>",
    "<h1>We value your privacy</h1><p>To go on to the site, choose how your personal data may be processed. You can change your mind at any "
    "time in the privacy settings.</p><button>Manage options</button><button>Agree and continue</button>",
    "<h1>Cookie consent</h1><p>Please accept or decline cookies to proceed.</p><button>Accept cookies</button><button>Decline</button>",
)
CHALLENGES = (
    "<!DOCTYPE html><html><head><title>Just a moment...</title><meta http-equiv='refresh' content='390'></head><body><h1>Checking your browser "
    "before accessing this site</h1><p>This process is automatic. Your browser will redirect shortly.</p><p>Ray ID: {token}</p>"
    "<script src='/cdn-cgi/challenge-platform/orchestrate.js?r={token}'></script></body></html>",
    "<html><head><title>Attention Required!</title></head><body><h1>Please verify you are a human</h1><div id='captcha' class='g-recaptcha' "
    "data-sitekey='{token}'></div><p>Complete the security check to access the page.</p></body></html>",
    "<html><head><title>Access check</title></head><body><p>Our systems have detected unusual traffic from your network. Please solve the "
    "CAPTCHA to continue.</p><form><input name='captcha'><button>Submit</button></form><p>Incident {token}</p></body></html>",
    "<html><head><title>Robot or human?</title></head><body><h1>Are you a robot?</h1><p>Press and hold the button to confirm that you are human."
    "</p><noscript>Enable JavaScript and cookies to continue</noscript></body></html>",
)
MAINTENANCE = (
    "<h1>Down for maintenance</h1><p>We are performing scheduled maintenance and will be back shortly. Thank you for your patience.</p>",
    "<h1>We'll be right back</h1><p>The site is temporarily unavailable while we upgrade our database. Please try again in a few minutes.</p>",
    "<h1>Scheduled maintenance</h1><p>From 22:00 to 04:00 UTC this service is not available.</p>",
    "<h1>Service temporarily unavailable</h1><p>We are under heavy load at the moment; please come back later.</p>",
)
PARKED = (
    "<html><head><title>{site}.example is for sale</title></head><body><h1>The domain {site}.example is for sale!</h1><p>Buy this domain now. "
    "Make an offer.</p><h2>Related searches</h2><ul><li>Music streaming</li><li>Cheap flights</li><li>Car insurance</li></ul></body></html>",
    "<html><head><title>{site}.example</title></head><body><p>This domain is parked free, courtesy of its registrar.</p><p>Is this your domain? "
    "Renew it now.</p><script src='/parking.js?t={token}'></script></body></html>",
    "<html><head><title>Domain parking</title></head><body><h1>{site}.example</h1><p>This domain has recently been registered. Interested in "
    "this domain? Contact the owner through our brokerage.</p><ul><li>Credit cards</li><li>Online degree</li></ul></body></html>",
)
NEEDS_JAVASCRIPT = (
    "<!doctype html><html lang='en'><head><title>{site}</title><script defer src='/static/main.{token}.js'></script></head><body><noscript>You "
    "need to enable JavaScript to run this app.</noscript><div id='root'></div></body></html>",
    "<!doctype html><html><head><title>{site}</title></head><body><div id='app'></div><noscript><strong>We're sorry but this site doesn't work "
    "properly without JavaScript enabled. Please enable it to continue.</strong></noscript><script src='/js/app.{token}.js'></script></body></html>",
    "<!doctype html><html><head><title>{site}</title></head><body><div id='__next'></div><p>JavaScript is required to view this page.</p>"
    "<script src='/_next/static/chunks/{token}.js'></script></body></html>",
)

# (language, menu, sentences): the same kind of page as a visitor from elsewhere gets it.
_LANGUAGES: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    (
        "de",
        "Start · Sammlungen · Hilfe · Anmelden",
        (
            "Die Aufnahmen wurden zwischen 1998 und 2011 in drei Archiven gesammelt und von Hand geprüft.",
            "Jede Datei trägt eine achtstellige Kennung, die sich von Ausgabe zu Ausgabe nicht ändert.",
            "Etwa ein Fünftel der Titel ist doppelt vorhanden, weil die alten Kataloge nach Verlagen geordnet waren.",
            "Wir danken den vielen Freiwilligen, die sich durch lange Listen gearbeitet haben.",
            "Die Tonhöhe schwankt bei älteren Bändern um bis zu einen Viertelton.",
            "Fragen beantwortet die Arbeitsgruppe an jedem zweiten Donnerstag im Monat.",
        ),
    ),
    (
        "fr",
        "Accueil · Collections · Aide · Connexion",
        (
            "Les enregistrements ont été réunis entre 1998 et 2011 dans trois fonds et vérifiés à la main.",
            "Chaque fichier porte un identifiant à huit chiffres qui ne change pas d'une version à l'autre.",
            "Environ un cinquième des titres figure deux fois, car les anciens catalogues étaient classés par éditeur.",
            "Nous remercions les nombreux bénévoles qui ont relu de longues listes.",
            "La hauteur varie d'un quart de ton sur les bandes les plus anciennes.",
            "L'équipe répond aux questions un jeudi sur deux.",
        ),
    ),
    (
        "es",
        "Inicio · Colecciones · Ayuda · Entrar",
        (
            "Las grabaciones se reunieron entre 1998 y 2011 en tres archivos y se revisaron a mano.",
            "Cada archivo lleva un identificador de ocho cifras que no cambia de una versión a otra.",
            "Cerca de una quinta parte de los títulos aparece dos veces, porque los catálogos antiguos seguían el orden de las editoriales.",
            "Damos las gracias a los muchos voluntarios que revisaron listas muy largas.",
            "La afinación varía hasta un cuarto de tono en las cintas más viejas.",
            "El equipo responde a las preguntas un jueves de cada dos.",
        ),
    ),
    (
        "ja",
        "ホーム · コレクション · ヘルプ · ログイン",
        (
            "録音は一九九八年から二〇一一年にかけて三つの資料館で集められ、手作業で確認されました。",
            "各ファイルには八桁の番号が付いており、版が変わっても変わりません。",
            "古い目録は出版社順に並んでいたため、曲名の約二割が重複しています。",
            "長い一覧を読み直してくださった多くのボランティアに感謝します。",
            "古いテープでは音の高さが最大で四分の一音ほど揺れます。",
            "質問には隔週の木曜日にお答えしています。",
        ),
    ),
)


def site_page(site: str, words: str) -> str:
    """Some words in the frame of a site."""
    return (
        f'<!DOCTYPE html>\n<html lang="en">\n<head><meta charset="utf-8"><title>{escape(site)}</title></head>\n<body>\n<header><a href="/">'
        f"{escape(site)}</a><nav><ul><li><a href='/'>Home</a></li><li><a href='/about'>About</a></li><li><a href='/help'>Help</a></li></ul></nav>"
        f"</header>\n<main>{words}</main>\n<footer><p>© {escape(site)}</p></footer>\n</body>\n</html>\n"
    )


def home(site: str) -> str:
    """The start page of a site, where redirects lead."""
    return site_page(
        site,
        f"<h1>Welcome to {escape(site)}</h1><p>Browse our collections, read the news, or search the archive.</p><h2>News</h2><ul>"
        "<li>The reading room reopens in May</li><li>New finding aids for the tape collection</li><li>Concert series announced</li></ul>",
    )


def foreign(rng: Random, site: str) -> str:
    """A page of the site in another language, as long as pages are."""
    language, menu, sentences = rng.choice(_LANGUAGES)
    paragraphs = "\n".join(f"<p>{' '.join(rng.sample(sentences, rng.randint(3, 6)))}</p>" for _ in range(rng.randint(20, 50)))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}">\n<head><meta charset="utf-8"><title>{escape(site)}</title></head>\n<body>\n'
        f"<header>{menu}</header>\n<main><h1>{escape(site)}</h1>\n{paragraphs}\n</main>\n</body>\n</html>\n"
    )
