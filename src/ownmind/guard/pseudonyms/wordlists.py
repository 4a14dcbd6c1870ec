"""The words by which names are told from words: closed lists, several languages, folded."""

from __future__ import annotations

from .spelling import fold


def _set(words: str) -> frozenset[str]:
    return frozenset(map(fold, words.split()))


# Parts of names that say nothing about whom they stand for, and what people are called instead of by name.
PARTICLES = _set("""
    de da do dos das del della di du la le las los el al bin ibn abu van von der den ter ten zu zur y e i of the and und et og och
    mr mrs ms miss mx dr prof sir madam herr frau fru senor senora sr sra jr don dona monsieur madame mme mom mum dad mother father
    mama papa mami papi sister brother aunt uncle grandma grandpa granny grandmother grandfather son daughter wife husband partner
    friend boss neighbour neighbor colleague cousin niece nephew user assistant system speaker me you my your i we they person
    companion human bot unknown anonymous гражданин мама папа тётя дядя бабушка дедушка сестра брат street st road rd avenue ave
    lane ln drive way square sq place court boulevard blvd house flat apartment apt floor number no nr building rua avenida calle
    via viale piazza strasse straße weg platz gasse allee rue chemin impasse ulica ul улица ул дом д кв проспект переулок new old
    north south east west upper lower great saint san santa sankt bad city town village county district inc ltd llc gmbh ag sa spa
    plc co corp company group holding bank university universität college school hospital clinic church hotel office department
    institute studio bakery restaurant cafe café shop store museum library theatre theater center centre
""")

# Parts of names that are words as well. A place or company is judged by the same rules.
ALSO_WORDS = _set("""
    will may rose mark grace hope faith joy bill jack art sue pat rob drew chase dawn summer autumn april june august lily
    violet daisy pearl amber crystal olive ginger hunter mason cooper baker frank grant dean earl duke king
    prince bishop pope knight page cook smith miller walker fisher brown white black green gray grey
    young long short small little rich poor best good love heart day night moon star sky rain snow winter frost field hill wood
    woods forest stone rock lake river brook banks bell ball book case cash cross fox wolf bear lamb bird swan finch crane drake
    hawk fish pike rice bean berry cherry apple plum peach basil sage willow ash reed rush moss fern
    clay sandy rusty dusty misty sunny stormy tip tab min van ray rays lane miles angel
    major minor guy chance chip chuck dash destiny dot else ford gale harmony hays
    heaven herb honor honour joker journey justice kit law liberty lord lucky mercy merit mike mo ocean patience
    pierce precious price prudence quill read reading reef rod royal sailor saint sales
    serenity sharp shell storm story swift temple true trip trust valentine verity victory
    ward wilder winner worth nice bath cork mobile orange split hull battle rugby turkey china jersey gap meta target
    visa post klein gross lang kurz kraft ernst stark frei fuchs vogel koch richter kaiser graf sommer morgen stern rosa sonne luz
    cruz mar sol paz flores guerra blanco campos leal blanche
    marguerite petit grand blanc noir leblanc fleur belle desire constant вера надежда любовь роман лев
    слава мир рада злата майя роза лилия
""")

# What names take at their end: genitives and plurals (English, German, Dutch, Nordic), Slavic, Finnish and Hungarian cases.
ENDINGS = _set("""
    s es n en e i y u a om em am ie ow owi ovi ova in ina lla lle sta ssa ta lta nak nek val vel hoz nal nel ban ben а у ом ем е ы и
    ой ым ов ами ам ах ю я ей ою ею ого ому
""")

# Names that are times of the year or day.
CALENDAR = _set("""
    may april june august summer autumn winter dawn май роман август morgen sommer
""")

# What stands before a time, not before a name.
BEFORE_A_TIME = _set("""
    in on since until till by last next this early late mid of from during every before after through throughout around each between
    for im ab bis seit en desde hasta em
""")

# What stands before a name.
CALLS = _set("""
    named called mr mrs ms miss dr prof aunt uncle dear hi hey hello hallo hola with met meet and tell told ask asked call to for
    from cousin sister brother wife husband friend boss colleague neighbour neighbor son daughter mit und con y avec et
""")

# What stands before a name even where capitals are not written.
CALLS_IN_LOWER = _set("""
    named called mr mrs ms dr prof aunt uncle dear hi hey hello hola
""")

# After these a word with a capital is rarely a name.
NO_NAME_AFTER = _set("""
    a an the my your his her its our their some any this that these no every each very so too is are was were be been i you he she
    we they it who what not of to can could would should will may might do does did el la los las un una der die das ein eine le les
""")

# What follows the word ("May I", "Rose petals"), not the name.
AFTER_A_WORD = _set("""
    i you he she it we they the this that these those there my your our their his her its a an be not of for in on to at as with
    under from out up down over all any some have do get go petals water card cards money tax color colour
""")

# What stands beside the name of a street.
STREETS = _set("""
    street st road rd avenue ave lane drive way square rua avenida calle via viale piazza strasse straße str weg platz gasse allee
    rue chemin ulica ul улица ул проспект house number no nr
""")

# Names that are qualities: at the head of a sentence rather the quality ("Long time no see"), unless somebody does something.
QUALITIES = _set("""
    long young short small little rich poor best good nice great white brown black green gray grey dear happy sunny rusty dusty true
    sharp swift royal lucky misty stormy gross klein lang kurz petit grand blanc noir blanco worth precious major minor
""")

# What follows the name of somebody at the head of a sentence.
SAYS = _set("""
    is was has had said says told called calls came comes went wants wanted and or will would can could does did thinks thought asked
    just never always got gets lives works sent wrote loves likes hates ist hat war sagt und est dit et es dijo y
""")
