namespace Rewas.Text.Words;

/// <summary>The endings that a stem of the lexicon may take, and those that a whole word may take.</summary>
static class Inflection
{
    /// <summary>Shortest word that may take an ending. A shorter one is too easily another word.</summary>
    const int ShortestInflected = 4;

    static readonly HashSet<string> Spanish = Set(
        " a o e s as os es an en ar er ir ando iendo yendo andose iendose ado ada ados adas ido ida idos idas ndo n r ndose rse"
        + " do da dos das ito ita itos itas azo azos on ones cion ciones aba aban ia ian io ion iones miento mientos arse erse"
        + " irse amos emos imos ara aran dor dora dores doras te tes nte ntes ante antes iente ientes le les al ales ense ense il"
        + " iles ica ico icas icos co ca cos cas to ta tos tas ro ra ros ras z zo za zos zas gue guen que quen ena enas eno eos"
        + " ea eo ean eas l illa illo illas illos iando cto ctos ura mente amente");

    static readonly HashSet<string> German = Set(
        " e en n er es em s t et st est te ten tet tem ter tes end ende enden ender endes nd nde nden nder ndes ens ern ers"
        + " erin chen ung ungen lein eln elt el els le len los lich ig ige iger iges igen ung isch ische ischer isches ing ings"
        + " on ons nis nisse ieren iert iere ierte ierten ierend ierende schlag schlage gerausch gerausche ton tone laut laute"
        + " klang klange larm rauschen stimme stimmen");

    static readonly HashSet<string> French = Set(
        " e s es x ent er ez ant ante ants antes e ee es ees ement ements age ages ait aient ir it is issant issent isse"
        + " issement issements re ure ures eur eurs euse euses ation ations le les t ts te tes nt r ra ron ronne rons al ale aux"
        + " in ine ins ines elle elles el els ette ettes ot ots ard ards iste istes ier iers iere ieres on ons onne onnes ien"
        + " iens c que ques que eau eaux d de ds des rant il ille illes ue ues eant ole oles us use uses et ets aire oir oire nd"
        + " ndre ndu isee ise ises isees seur sage ve ves i ie ies");

    static HashSet<string> Set(string endings) => [.. endings.Split(' ')];

    /// <summary>Whether a stem may take this ending.</summary>
    public static bool Takes(string language, string ending) => language switch
    {
        "es" => Spanish.Contains(ending),
        "de" => German.Contains(ending),
        "fr" => French.Contains(ending),
        _ => ending.Length == 0,
    };

    /// <summary>The word without an ending of number or gender; itself first.</summary>
    public static IEnumerable<string> Bases(string language, string word)
    {
        yield return word;
        foreach (var ending in language switch
        {
            "es" => ["es", "s"],
            "de" => ["en", "es", "er", "em", "e", "n", "s"],
            "fr" => ["es", "s", "x", "e"],
            "en" => ["ing", "es", "ed", "ly", "er", "s", "y"],
            _ => (string[])[],
        })
            if (word.Length - ending.Length >= ShortestInflected && word.EndsWith(ending, StringComparison.Ordinal))
                yield return word[..^ending.Length];
    }
}
