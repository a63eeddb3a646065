"""Sentences and words of the pages' prose, by subject. They speak of everything but the terms.

`{word}` draws from `WORDS[word]`; `{n}`, `{big}`, `{pct}`, `{year}`, `{dec}` are numbers; `{name}` is the dataset.
"""

from __future__ import annotations

SENTENCES: dict[str, tuple[str, ...]] = {
    "How the recordings were gathered": (
        'The label "live" - as {place} understands it - covers rehearsals as well.',
        "{Person}'s notebooks list {n} takes that nobody else remembers.",
        "Work on {name} began in {year}, when {person} noticed that {problem}.",
        "Between {year} and {year} a team of {n} annotators listened to every {item} at least twice.",
        "Each {item} was pulled from {place}, checked for silence, and cut to {n} seconds around its loudest point.",
        "We left out {big} items because {reason}.",
        "A second pass, done by {person} in {city}, brought the count up to {big}.",
        "The list of candidates came from {place}; about {pct} of them survived the first screening.",
        "Where two annotators disagreed, a third was asked, and in {pct} of the cases {person} had the last word.",
        "Nothing older than {year} is included, since {reason}.",
        "The {adjective} part of the collection stems from {place} and was digitized in {city}.",
        "Contributors sent their material on {medium}, which explains why {problem}.",
        "Our crawler visited {place} once a week for {n} months and kept the newest copy of every {item}.",
        "Roughly {big} entries carry a {adjective} tag that was never checked by ear.",
    ),
    "File layout and formats": (
        "Every {item} is a {format} file named after its {n}-digit identifier.",
        "The archive unpacks into {n} folders of about {big} files each.",
        "Columns are separated by tabs; a missing value is written as an empty field, never as zero.",
        "Timestamps count milliseconds from the first sample, not from the first onset.",
        "Sampling rate is {rate} throughout, except for the {n} files listed in `odd_rates.txt`.",
        "Checksums for all parts sit beside the archive in `SHA256SUMS`.",
        "Identifiers are stable between releases, so a join on `track_id` keeps working.",
        "Text is UTF-8 without a byte order mark, and line ends are those of Unix.",
        "The {format} variant is {dec} times smaller and loads in about {n} seconds on a laptop.",
        "Nested fields were flattened with a double underscore, as in `artist__begin_date`.",
        "Numbers use a point as the decimal sign, and there is no thousands separator anywhere.",
        "If your tool chokes on the {format} header, skip the first {n} bytes.",
    ),
    "Known problems": (
        'A field called "mood" was filled by {n} different tools -- and it shows.',
        "Don't trust the column for tempo: it's off by {n} for {genre}.",
        "About {pct} of the {item}s are shorter than announced because {reason}.",
        "{City} is spelled in {n} different ways; `cities.csv` maps them to one.",
        "Duplicates remain: a fingerprint comparison found {n} pairs, mostly {adjective} takes of the same piece.",
        "The {adjective} subset leans heavily towards {genre}, which {person} discusses at length.",
        "Release {n} shipped with shuffled labels for {genre}; everybody who fetched it in {month} should fetch it again.",
        "Clipping is audible in {n} files, all of them from {place}.",
        "Some biographies end in mid-sentence, since {place} cut them at {big} characters.",
        "Two of the {n} shards were compressed with a different tool, and {problem}.",
        "Beats in {genre} pieces drift by up to {n} milliseconds.",
        "A known gap between {month} and {month} {year} goes back to a failed disk in {city}.",
        "Names with diacritics were damaged in the export of {year} and repaired by hand in {month}.",
    ),
    "Evaluation": (
        'What the paper calls "hard negatives" - {n} items - was redrawn for release {n}.',
        "The baseline reaches {dec} on the {adjective} split, {n} points above chance.",
        "We follow the protocol of {person} and report the mean over {n} seeds.",
        "Artists never cross the line between the splits; albums do in {n} cases.",
        "A {model} with {n} layers overfits after {n} epochs.",
        "Macro-averaged scores differ from micro-averaged ones by {dec}, because {genre} is so rare.",
        "Listening tests with {n} subjects in {city} agreed with the numbers in {pct} of the pairs.",
        "Table {n} lists the confusion between {genre} and {genre}, the hardest pair by far.",
        "Results with the {model} could not be reproduced on newer hardware; the gap is {dec}.",
        "{Person} pointed out that {problem}, which inflates the score by about {dec}.",
        "For retrieval we report precision at {n} over {big} queries.",
        "The human ceiling, estimated from {n} doubly annotated items, lies at {dec}.",
    ),
    "Getting started": (
        "If you're on a slow line, it's quicker to take the {format} parts one by one.",
        "Fetch the small part first; it holds {n} items and fits into memory.",
        "The loader needs Python 3.{n} or newer and about {n} GB of disk space.",
        "Run `python -m loader --part {adjective}` and watch the log for warnings about {format}.",
        "On machines without a graphics card the whole script takes some {n} minutes.",
        "Point `DATA_HOME` at a folder with enough room before you begin.",
        "If the transfer breaks off, start it again: finished parts are skipped.",
        "A notebook by {person} walks through the first {n} steps with {genre} as the example.",
        "The viewer opens on port {big} and draws one {item} at a time.",
        "Behind a proxy, set the usual variables and lower the number of connections to {n}.",
        "Windows users have reported that {problem}; a longer path prefix helps.",
    ),
    "People and funding": (
        "{Person} looks after the web pages, {person} after the numbers.",
        "The work was paid for by {funder} from {year} to {year}.",
        "We thank {n} volunteers from {city}, who corrected {big} titles.",
        "Hosting is provided by {funder}; the machines stand in {city}.",
        "{Person} joined in {month} {year} and rewrote the importer.",
        "Meetings take place every second {weekday}; notes are kept by {person}.",
        "A workshop in {city} in {month} {year} drew {n} people.",
        "The logo was drawn by {person}, who had a {adjective} {instrument} in mind.",
        "Earlier work at {place} showed that {problem}, and this project started from there.",
    ),
    "Notes on the music": (
        "Much of the {genre} heard here was recorded with a single {instrument} and a {adjective} room.",
        "Players from {city} tune the {instrument} a quarter tone lower than the books say.",
        "The {adjective} ornaments of {genre} resist notation, and our transcriptions flatten them.",
        "Tempo in {genre} ranges from {n} to {n} beats a minute, often within one piece.",
        "A bare {instrument} opens {pct} of the pieces, far more than in {genre}.",
        "Lyrics are in {n} languages; {genre} songs switch between two of them mid-verse.",
        "What the catalog calls {genre} would be called {genre} in {city}.",
        "The oldest piece, a {adjective} dance for {instrument}, was written down in {year}.",
        "Drone and melody sit a fifth apart, as on the {instrument} of {place}.",
        "Half of the {instrument} parts were overdubbed in {city} weeks later.",
    ),
    "Numbers": (
        'Of the tag "{genre}" there are {big} instances - most of them from {year}.',
        "It's the {instrument} that's most often credited, with {big} mentions.",
        "The median {item} lasts {n} seconds and carries {n} tags.",
        "Altogether there are {big} rows, of which {pct} have a year.",
        "{Genre} accounts for {pct} of the total, {genre} for {pct}.",
        "The largest artist contributes {n} albums, the median artist one.",
        "Files add up to {n} GB in {format} and to {n} GB in {format}.",
        "Since {month} {year} the set has grown by {big} entries.",
        "{pct} of the {item}s name a composer and {pct} a performer.",
        "Coverage of {city} went from {n} to {big} between the last two releases.",
        "The longest title has {big} characters and mentions a {instrument} twice.",
    ),
    "How releases are made": (
        "A release is cut on the first {weekday} of {month} and announced on the list.",
        "Before a release, {n} checks compare row counts with those of the last one.",
        "Version {n}.{n} corrected {n} dates and dropped the {adjective} column.",
        "The pipeline runs in {city} on {n} cores and finishes overnight.",
        "Deltas are published weekly; a full dump follows every {n} weeks.",
        "Old releases stay online for {n} months under their own number.",
        "When {person} is away, {person} signs the archive.",
        "The schema has not changed since {year}, apart from the {adjective} keys added in {month}.",
        "Every correction carries the number of the report that asked for it.",
        "Build logs are kept for {n} days and then thinned out.",
    ),
    "Questions from readers": (
        '"Why is there a gap at {n} seconds?" - because {reason}.',
        '"Where did {city} go?" -- it was merged with {city} in {month}.',
        "Several people asked why {problem}; the short answer is that {reason}.",
        "Yes, the {adjective} files are meant to be silent: {reason}.",
        "No, there is no mirror in {city} yet, though {funder} has offered one.",
        "{Person} wanted to know how the {n} folds were drawn, and the script is in the repository.",
        "The difference between `raw` and `clean` comes down to {n} filters, described above.",
        "We are often asked about {genre}; so far only {n} items carry that tag.",
        "If a number looks odd, compare it with `stats.json`, which is written by the same job.",
        "Reading {format} with old tools works, but {problem}.",
        "The identifiers starting with {n} belong to {place} and predate our own.",
    ),
}

WORDS: dict[str, tuple[str, ...]] = {
    "person": tuple(
        "Ada Lindqvist|Marek Dvorak|Ines Cardoso|Tom Achterberg|Yuki Hamada|Priya Raman|Jonas Weidner|Lucie Marchetti|"
        "Samuel Okoro|Helga Thorsen|Nadia Belkacem|Pablo Iriarte|Wen Li|Greta Novak|Oskar Lehtinen|Rosa Quintero|"
        "Dmitri Volkov|Fiona McAllister|Henrik Bauer|Amara Diallo|Leila Farahani|Bruno Castelli|Klara Szabo|Ivo Petkov".split(
            "|"
        )
    ),
    "place": tuple(
        "the county sound archive|a defunct music blog|three student radio stations|the national library|"
        "a private collection of shellac discs|an online netlabel|the festival's own recordings|a village choir|"
        "the city conservatory|a public broadcaster|a listening log kept by volunteers|the institute's field trips|"
        "an encyclopedia of popular song|a forum for collectors|the publisher's back catalog".split("|")
    ),
    "city": tuple(
        "Ghent|Porto|Tartu|Graz|Lund|Bologna|Aarhus|Leeds|Kyoto|Valparaiso|Oaxaca|Nantes|Utrecht|Brno|Thessaloniki|"
        "Halifax|Wellington|Pune|Accra|Ljubljana|Bergen|Girona".split("|")
    ),
    "genre": tuple(
        "fado|dub techno|bluegrass|free jazz|chamber music|polka|shoegaze|highlife|cumbia|madrigals|bossa nova|"
        "post-punk|gamelan|sea shanties|trip hop|baroque opera|surf rock|gagaku|rebetiko|drum and bass|lieder".split("|")
    ),
    "instrument": tuple(
        "accordion|hurdy-gurdy|bass clarinet|oud|nyckelharpa|banjo|harmonium|theremin|cello|kora|bandoneon|zither|"
        "double bass|electric piano|shakuhachi|bagpipe|marimba".split("|")
    ),
    "item": ("track", "clip", "excerpt", "recording", "take", "song", "stem", "loop", "piece", "phrase"),
    "format": ("FLAC", "Parquet", "CSV", "JSON Lines", "HDF5", "Ogg Vorbis", "MIDI", "WAV", "JAMS", "MusicXML", "NPZ"),
    "rate": ("44.1 kHz", "48 kHz", "22,050 Hz", "16 kHz", "96 kHz", "32 kHz"),
    "adjective": tuple(
        "small|noisy|balanced|early|long-tail|held-out|monophonic|stereo|hand-checked|uneven|urban|rural|acoustic|"
        "amplified|live|muted|extended|weakly labeled".split("|")
    ),
    "model": ("transformer", "small convolutional network", "nearest-neighbor search", "random forest", "spectrogram model"),
    "medium": ("DAT tapes", "minidiscs", "burned CDs", "a hard disk", "cassettes", "reel-to-reel tape", "USB sticks"),
    "funder": tuple(
        "the regional culture fund|a science foundation|the university's central budget|two private donors|"
        "a Nordic research council|the ministry of culture|the city of Graz|a telecom company's arts program".split("|")
    ),
    "month": tuple("January March April May June July August September October November".split()),
    "weekday": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
    "reason": tuple(
        "their sleeves carried no date|the tapes had been stored too warm|two clocks ran at different speeds|"
        "the export stopped at a stray quote|nobody could tell the sides apart|the microphone had been unplugged|"
        "their titles were in all capitals|one of the disks was mislabeled|the meter changes halfway through|"
        "they turned out to be test tones|a cable hummed all evening".split("|")
    ),
    "problem": tuple(
        "loudness varies more between rooms than between players|titles repeat from album to album|"
        "half of all credits name the wrong drummer|the sleeves contradict the labels|tempo tags are doubled as often as not|"
        "play counts say more about playlists than about listeners|old catalogs sort by publisher and not by piece|"
        "the same singer appears under four names|file dates are those of the last backup|"
        "the quiet passages vanish after compression|years are off by one around New Year".split("|")
    ),
}

FIRST = tuple(
    "Amber Birch Cinder Delta Ember Fjord Garnet Harbor Indigo Juniper Kestrel Lantern Meadow Nimbus Opal Pebble Quarry "
    "Raven Sable Timber Umber Velvet Willow Yarrow Zephyr Cobalt Drift Fathom Hollow Ivory".split()
)
SECOND = tuple(
    "Tunes Chords Sessions Loops Ballads Beats Voices Strings Scores Choirs Echoes Listens Tracks Mixes Melodies Rhythms "
    "Stems Drums Refrains Etudes".split()
)
ORGANIZATIONS = tuple(
    "Sound Archive Ghent|Institute for Music Informatics|Northern Audio Lab|Conservatory of Porto|Open Ear Foundation|"
    "Center for Listening Research|Department of Musicology|Tartu Signal Group|Harbor Music Library|Audio Commons Graz|"
    "Society for Recorded Sound|Field Recording Collective".split("|")
)
