namespace Rewas.Text.Words;

/// <summary>
/// Sorts the words of a prompt: what to hear, what not to hear, and how loud. :: Step 1: split at signs and conjunctions. :: Step 2: find
/// what each part denies. :: Step 3: carry a denial over lists. :: Step 4: write both texts.
/// </summary>
/// <param name="narrow">The prompt as <see cref="PlainCharacters.Narrow"/> makes it.</param>
/// <param name="asked">The prompt as written.</param>
sealed class PromptParser(string narrow, string asked, string language)
{
    enum Role : byte
    {
        Heard,
        Denied,
        Dropped,
    }

    readonly List<Word> words = WordReader.Read(narrow, language);
    readonly List<Part> parts = [];
    Role[] roles = [];

    /// <summary>Statements about loudness; the part is an index of <see cref="parts"/>.</summary>
    readonly List<LevelWords.Statement> levels = [];

    public IReadOnlyList<Word> Words => words;

    /// <summary>True if the prompt says that nothing else is to be heard.</summary>
    public bool IsOnly { get; private set; }

    /// <summary>True if any word is not about what to hear.</summary>
    public bool HasChanges { get; private set; }

    bool IsEnglish => language == Lexicon.English;

    /// <summary>Negations stand behind what they deny.</summary>
    bool IsPostfix => language == Lexicon.Japanese;

    public PromptParts Parse()
    {
        // :: Step 1
        roles = new Role[words.Count];
        var start = 0;
        for (var i = 0; i <= words.Count; i++)
            if (i == words.Count || IsSeparator(i))
            {
                if (i > start)
                    parts.Add(new(start, i, start > 0 ? SeparatorBefore(start) : WordKind.Break));
                start = i + 1;
            }

        // :: Steps 2 and 3
        for (var p = 0; p < parts.Count; p++)
            Sort(p);
        CarryOver();

        // :: Step 4
        return Write();
    }

    /// <summary>"but" inside "nothing but rain" is a form of its own, so what is left divides.</summary>
    bool IsSeparator(int i) =>
        words[i].Kind is WordKind.And or WordKind.Or or WordKind.With or WordKind.But or WordKind.Comma or WordKind.Break;

    /// <summary>The strongest of the separators before a word: ", and" is a comma.</summary>
    WordKind SeparatorBefore(int at)
    {
        var kind = WordKind.With;
        for (var i = at - 1; i >= 0 && IsSeparator(i); i--)
            kind = Strength(words[i].Kind) > Strength(kind) ? words[i].Kind : kind;
        return kind;
    }

    static int Strength(WordKind kind) => kind switch
    {
        WordKind.Break => 5,
        WordKind.Or => 4,
        WordKind.Comma => 3,
        WordKind.But => 2,
        WordKind.And => 1,
        _ => 0,
    };

    /// <summary>Gives each word of a part its role.</summary>
    void Sort(int p)
    {
        var part = parts[p];
        if (IsEnglish && SplitVerb(p))
            return;
        for (var i = part.First; i < part.End; i++)
            switch (words[i].Kind)
            {
                case WordKind.Relative when IsEnglish && HasContent(part.First, i):
                    return;                                                  // "an engine that does not start" describes
                case WordKind.NothingElse:
                    Drop(i);
                    IsOnly = true;
                    break;
                case WordKind.Only:
                    Drop(i);
                    IsOnly |= !(i + 1 < part.End && words[i + 1].Kind is WordKind.Degree or WordKind.Loudness or WordKind.Excess);
                    break;
                case WordKind.Idle:
                    Drop(i);
                    break;
                case WordKind.Negation when LoudnessAfter(i, part) is { } loud:
                    AddLevel(p, i, loud, isNegated: true);
                    i = loud;
                    break;
                case WordKind.Negation when Enumerable.Range(i, part.End - i).Any(j => words[j].Kind == WordKind.NothingElse):
                    Drop(i);                                                 // 除了雨声什么都不要: nothing but rain
                    break;
                case WordKind.Negation when IsFootsteps(i, part):
                    break;
                case WordKind.Negation:
                    Deny(p, i);
                    return;
                case WordKind.Loudness:
                    AddLevel(p, i, i, isNegated: false);
                    break;
                case WordKind.Decibels:
                    AddDecibels(p, i);
                    break;
            }
    }

    /// <summary>A verb around its object: "keep the music out" denies, "turn the rain down" is about loudness.</summary>
    bool SplitVerb(int p)
    {
        var part = parts[p];
        var (verb, particle) = (part.First, part.End - 1);
        while (verb < particle && words[verb].Kind is WordKind.Filler && !IsOneOf(verb, "keep"))
            verb++;
        while (particle > verb && words[particle].Kind is WordKind.Filler && !IsOneOf(particle, "off"))
            particle--;
        if (particle - verb < 2 || !HasContent(verb + 1, particle)
            || !IsOneOf(verb, "keep", "leave", "turn", "take", "cut", "switch", "shut", "bring"))
            return false;
        if (IsOneOf(particle, "out", "off", "away"))
        {
            part.IsDenied = true;
            for (var i = verb + 1; i < particle; i++)
                roles[i] = Role.Denied;
        }
        else if (IsOneOf(particle, "up", "down"))
            levels.Add(new(IsOneOf(particle, "up") ? SplitVerbDecibels : -SplitVerbDecibels, p, Written(verb, particle)));
        else
            return false;
        Drop(verb);
        Drop(particle);
        return true;
    }

    const double SplitVerbDecibels = 6;

    bool IsOneOf(int i, params ReadOnlySpan<string> spelled)
    {
        var word = narrow.AsSpan(words[i].Start, words[i].Length);
        foreach (var one in spelled)
            if (word.Equals(one, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }

    /// <summary>French "pas" before a place means footsteps.</summary>
    bool IsFootsteps(int i, Part part)
    {
        if (language != Lexicon.French || i + 1 >= part.End || words[i + 1].Kind != WordKind.Place || words[i].Length != 3)
            return false;
        words[i] = words[i] with { Kind = WordKind.Content, English = "footsteps" };
        return true;
    }

    /// <summary>
    /// The word of loudness that a negation is about: "not too loud", "don't make it loud". "no loud noises" is about noises.
    /// </summary>
    int? LoudnessAfter(int negation, Part part)
    {
        var hasExcess = false;
        for (var i = negation + 1; i < part.End; i++)
            switch (words[i].Kind)
            {
                case WordKind.Excess or WordKind.Relative:
                    hasExcess = true;
                    break;
                case WordKind.Loudness when hasExcess || !HasContent(i + 1, part.End):
                    return i;
                case WordKind.Degree or WordKind.Filler or WordKind.Negation:
                    break;
                default:
                    return LoudnessBefore(negation, part);
            }
        return LoudnessBefore(negation, part);
    }

    /// <summary>In Japanese the negation follows: 大きすぎないで.</summary>
    int? LoudnessBefore(int negation, Part part)
    {
        for (var i = negation - 1; IsPostfix && i >= part.First && words[i].Kind is not WordKind.Content; i--)
            if (words[i].Kind == WordKind.Loudness)
            {
                levels.RemoveAll(level => level.Part == parts.IndexOf(part));
                return i;
            }
        return null;
    }

    bool HasContent(int from, int to) => Enumerable.Range(from, Math.Max(0, to - from)).Any(IsContent);

    /// <summary>Also the "noises" of "loud noises".</summary>
    bool IsContent(int i) => words[i].Kind is WordKind.Content or WordKind.Unknown || (i > 0 && IsNoun(i));

    /// <summary>A negation denies what follows it in its part; what stands before it if nothing follows.</summary>
    void Deny(int p, int negation)
    {
        var part = parts[p];
        Drop(negation);
        if (words[negation].Value == 1)                                      // "music-free", "no-music"
        {
            part.Own = words[negation].English;
            part.IsDenied = true;
            for (var i = negation + 1; i < part.End; i++)
                if (words[i].Kind is WordKind.Loudness)
                    AddLevel(p, i, i, isNegated: false);
            return;
        }
        if (IsEnglish && TakenFrom(negation, part) is { } source)
        {
            part.IsDenied = true;
            for (var i = negation + 1; i < source; i++)
                roles[i] = Role.Denied;
            Drop(source);
            return;
        }
        var (from, to) = !IsPostfix && HasContent(negation + 1, part.End) ? (negation + 1, part.End)
            : HasContent(part.First, negation) ? (part.First, negation)
            : (0, 0);
        if (to == 0)
        {
            // The denied words stand before a comma: 犬の声は、入れないで.
            part.IsOpen = !IsPostfix && !HasContent(part.First, part.End);
            if ((IsPostfix || IsChinese) && p > 0 && !parts[p - 1].IsDenied && !HasContent(negation + 1, part.End))
                DenyAll(p - 1);
            for (var i = part.First; i < part.End; i++)
                if (words[i].Kind is WordKind.Negation or WordKind.Filler)
                    Drop(i);
            return;
        }
        part.IsDenied = true;
        for (var i = from; i < to; i++)
            roles[i] = words[i].Kind is WordKind.Negation or WordKind.Only ? Role.Dropped : Role.Denied;
        for (var i = to; i < part.End; i++)
            if (words[i].Kind is WordKind.Negation or WordKind.Filler)
                Drop(i);
        if (IsPostfix && to <= negation)                                     // 音楽なしで足音: footsteps follow the negation
            for (var i = negation + 1; i < part.End; i++)
                if (words[i].Kind is WordKind.Only)
                {
                    Drop(i);
                    IsOnly = true;
                }
                else if (words[i].Kind is WordKind.Loudness)
                    AddLevel(p, i, i, isNegated: false);
    }

    /// <summary>The "from" of "remove the birds from the forest".</summary>
    int? TakenFrom(int negation, Part part)
    {
        if (!Removals.Any(verb => narrow.AsSpan(words[negation].Start).StartsWith(verb, StringComparison.OrdinalIgnoreCase)))
            return null;
        for (var i = negation + 1; i + 1 < part.End; i++)
            if (narrow.AsSpan(words[i].Start, words[i].Length).Equals("from", StringComparison.OrdinalIgnoreCase))
                return i;
        return null;
    }

    static readonly string[] Removals = ["remove", "take", "cut", "get rid", "exclude", "leave", "omit", "drop", "keep"];

    bool IsChinese => language == Lexicon.Chinese;

    void DenyAll(int p)
    {
        parts[p].IsDenied = true;
        for (var i = parts[p].First; i < parts[p].End; i++)
            roles[i] = Role.Denied;
    }

    /// <summary>"no music, voices or wind" denies all three; so does "no dog or cat", and "no dog and cat".</summary>
    void CarryOver()
    {
        for (var p = 0; p + 1 < parts.Count; p++)
        {
            // "without: dog, cat"
            for (var q = p + 1; parts[p].IsOpen && q < parts.Count && IsBare(q) && (q == p + 1 || parts[q].Before != WordKind.Break); q++)
                DenyAll(q);
            if (!parts[p].IsDenied || parts[p].Own is not null)
                continue;
            var last = p;
            while (last + 1 < parts.Count && parts[last + 1].Before == WordKind.Comma && IsBare(last + 1))
                last++;
            var closes = last + 1 < parts.Count && IsBare(last + 1)
                && (parts[last + 1].Before == WordKind.Or || (parts[last + 1].Before == WordKind.And && (last == p || IsOfLists(p))));
            for (var q = p + 1; closes && q <= last + 1; q++)
                DenyAll(q);
        }
    }

    /// <summary>Whether a part says nothing about itself, so that it may belong to the list before.</summary>
    bool IsBare(int p) => Enumerable.Range(parts[p].First, parts[p].End - parts[p].First).All(i =>
        roles[i] == Role.Heard && words[i].Kind is WordKind.Content or WordKind.Filler or WordKind.Place or WordKind.Unknown
            or WordKind.Degree)
        && HasContent(parts[p].First, parts[p].End);

    /// <summary>After "without", a list of three is denied as a whole: "without music, voices and wind".</summary>
    bool IsOfLists(int p) => Enumerable.Range(parts[p].First, parts[p].End - parts[p].First).Any(i =>
        words[i].Kind == WordKind.Negation && !IsOneOf(i, "no"));

    void AddLevel(int p, int first, int loud, bool isNegated)
    {
        var part = parts[p];
        var (degree, isExcess, from, to) = (1.0, false, first, loud);
        while (from > part.First && words[from - 1].Kind is WordKind.Degree or WordKind.Excess && roles[from - 1] == Role.Heard)
            from--;
        while (to + 1 < part.End && words[to + 1].Kind is WordKind.Degree or WordKind.Excess && (!IsEnglish || to + 2 == part.End))
            to++;
        for (var i = from; i <= to; i++)
        {
            if (words[i].Kind == WordKind.Degree)
                degree *= words[i].Value;
            isExcess |= words[i].Kind == WordKind.Excess;
            Drop(i);
        }
        if (NumberOf(p, loud) is { } number)
        {
            levels.Add(new(number, p, Written(from, to)));
            return;
        }
        if (HasOtherNumber(from, part))
        {
            var amount = from - 1;
            while (amount > part.First && !char.IsAsciiDigit(narrow[words[amount].Start]))
                amount--;
            for (var i = amount; i < from; i++)
                Drop(i);
            levels.Add(new(null, p, Written(amount, to)));
        }
        else
            levels.Add(new(LevelWords.Change(words[loud].Value, degree, isExcess, isNegated), p, Written(from, to)));
    }

    /// <summary>The decibels that belong to a word of loudness: "6 dB quieter", "louder by 3 dB".</summary>
    double? NumberOf(int p, int loud)
    {
        for (var i = parts[p].First; i < parts[p].End; i++)
            if (words[i].Kind == WordKind.Decibels)
            {
                Drop(i);
                return Math.Abs(words[i].Value) * Math.Sign(words[loud].Value);
            }
        return null;
    }

    /// <summary>"20% louder": a number that is no level.</summary>
    bool HasOtherNumber(int loud, Part part) =>
        loud > part.First && words[loud - 1] is var before
        && (narrow[before.Start] == '%' || char.IsAsciiDigit(narrow[before.Start]));

    /// <summary>Decibels without a word of loudness need a sign: "+3 dB".</summary>
    void AddDecibels(int p, int i)
    {
        var part = parts[p];
        if (Enumerable.Range(part.First, part.End - part.First).Any(other => words[other].Kind == WordKind.Loudness))
            return;                                                          // the word of loudness takes them
        Drop(i);
        var isSigned = narrow[words[i].Start] is '+' or '-';
        levels.Add(new(isSigned ? words[i].Value : null, p, Written(i, i)));
    }

    void Drop(int i)
    {
        roles[i] = Role.Dropped;
        HasChanges |= words[i].Kind is not WordKind.Filler || IsEnglish;
    }

    string Written(int from, int to) => asked[words[Math.Max(0, from)].Start..words[to].End];

    PromptParts Write()
    {
        var heard = new List<Piece>();
        var denied = new List<string>();
        var notes = new List<string>();
        var sounding = new Dictionary<int, int>();                           // index of a part, and its number among those that sound
        var groups = new List<int>();
        var group = -1;
        for (var p = 0; p < parts.Count; p++)
        {
            if (parts[p].Before is not (WordKind.And or WordKind.With) || p == 0)
                group++;
            if (parts[p].Own is { } own)
                denied.Add(own);
            if (Text(p, Role.Denied) is { Text.Length: > 0 } not)
                denied.Add(not.Text);
            foreach (var piece in Heard(p))
            {
                heard.Add(piece);
                if (sounding.TryAdd(p, groups.Count))
                    groups.Add(group);
            }
        }
        var decibels = LevelWords.Of(
            [.. levels.Select(level => level with { Part = sounding.GetValueOrDefault(level.Part, -1) })], groups, notes);
        return new(heard, denied, decibels, notes);
    }

    /// <summary>The words of a part with one role, without grammar at both ends.</summary>
    Piece? Text(int p, Role role)
    {
        var (first, last) = (parts[p].First, parts[p].End - 1);
        while (first <= last && (roles[first] != role || IsEdge(first)))
            first++;
        while (last >= first && (roles[last] != role || (IsEdge(last) && !IsNoun(last))))
            last--;
        return first > last ? null : PieceOf(p, first, last, role);
    }

    /// <summary>What is heard of a part. Words that were dropped in the middle divide nothing.</summary>
    IEnumerable<Piece> Heard(int p)
    {
        if (Text(p, Role.Heard) is { } piece)
            yield return piece;
    }

    bool IsEdge(int i) => words[i].Kind is WordKind.Filler or WordKind.Relative or WordKind.Excess
        || (!IsEnglish && words[i].Kind is WordKind.Degree or WordKind.Unknown)
        || (words[i].Kind is WordKind.Degree && IsEnglish && i + 1 == words.Count);

    /// <summary>A word of requests that also names what is heard: the "noise" of "background noise".</summary>
    bool IsNoun(int i) => IsEnglish && i > 0 && words[i - 1].Kind is WordKind.Content or WordKind.Loudness && roles[i - 1] == roles[i]
        && Nouns.Contains(narrow.Substring(words[i].Start, words[i].Length).ToLowerInvariant());

    static readonly HashSet<string> Nouns =
        ["sound", "sounds", "noise", "noises", "audio", "track", "film", "video", "clip", "thing", "soundtrack"];

    Piece PieceOf(int p, int first, int last, Role role)
    {
        // An article belongs to what follows it.
        if (IsEnglish && role == Role.Heard)
        {
            var before = first - 1;
            while (before >= parts[p].First && roles[before] == Role.Dropped && words[before].Kind is not WordKind.Negation)
                before--;
            if (before >= parts[p].First && roles[before] == Role.Heard && IsArticle(before))
                first = before;
        }
        var text = new System.Text.StringBuilder();
        var previous = -1;
        for (var i = first; i <= last; i++)
        {
            if (roles[i] != role || (!IsEnglish && words[i] is { Kind: WordKind.Filler or WordKind.Degree or WordKind.Unknown }))
                continue;
            var word = IsEnglish
                ? asked.Substring(words[i].Start, words[i].Length)
                : AnimalCalls.After(previous < 0 ? "" : words[previous].English, words[i].English);
            if (word.Length == 0)
                continue;
            if (!IsEnglish && previous >= 0 && $" {words[previous].English} ".Contains($" {word} ", StringComparison.Ordinal))
                continue;
            // "car" and "car horn" are one thing: 车的喇叭.
            if (!IsEnglish && previous >= 0 && word.StartsWith(words[previous].English + " ", StringComparison.Ordinal)
                && text.ToString().EndsWith(words[previous].English, StringComparison.Ordinal))
            {
                text.Append(word.AsSpan(words[previous].English.Length));
                previous = i;
                continue;
            }
            if (previous >= 0)
                text.Append(IsEnglish && previous == i - 1 ? asked[words[previous].End..words[i].Start]
                    : Enumerable.Range(previous + 1, i - previous - 1).Any(j => words[j].Kind == WordKind.Negation) ? ", " : " ");
            text.Append(word);
            previous = i;
        }
        return new(Articles(text.ToString()), words[first].Start, words[last].End - words[first].Start, parts[p].Before, p)
        {
            First = first,
            Last = last,
        };
    }

    bool IsArticle(int i) => narrow.AsSpan(words[i].Start, words[i].Length) is var word
        && (word.Equals("a", StringComparison.OrdinalIgnoreCase) || word.Equals("an", StringComparison.OrdinalIgnoreCase)
            || word.Equals("the", StringComparison.OrdinalIgnoreCase));

    /// <summary>"a" and "an" by the word that follows, which may be another one now: "an extremely loud bang".</summary>
    string Articles(string text)
    {
        if (!IsEnglish || text.IndexOf(' ', StringComparison.Ordinal) is not (1 or 2) || text.Length < 4)
            return text;
        var space = text.IndexOf(' ', StringComparison.Ordinal);
        var isVowel = text[space + 1] is 'a' or 'e' or 'i' or 'o' or 'u';
        return text[..space].ToLowerInvariant() switch
        {
            "a" when isVowel => text[..1] + "n" + text[1..],
            "an" when !isVowel && char.IsLetter(text[space + 1]) => text[..1] + text[2..],
            _ => text,
        };
    }

    /// <summary>A run of words between two separators.</summary>
    sealed class Part(int first, int end, WordKind before)
    {
        public int First => first;

        public int End => end;

        /// <summary>The separator before it.</summary>
        public WordKind Before => before;

        public bool IsDenied { get; set; }

        /// <summary>True if it says no and what it denies follows a sign: "without: dog".</summary>
        public bool IsOpen { get; set; }

        /// <summary>What a word itself denies: the music of "music-free".</summary>
        public string? Own { get; set; }
    }

    /// <summary>Words to hear.</summary>
    /// <param name="Start">First character in the prompt as it was written.</param>
    /// <param name="Part">Number of its part, from 0.</param>
    public sealed record Piece(string Text, int Start, int Length, WordKind Before, int Part)
    {
        public int First { get; init; }

        public int Last { get; init; }

        public int End => Start + Length;
    }
}

/// <summary>A prompt, taken apart.</summary>
/// <param name="Decibels">Change of level.</param>
/// <param name="Notes">What was not done, and why.</param>
sealed record PromptParts(
    IReadOnlyList<PromptParser.Piece> Heard, IReadOnlyList<string> Denied, double Decibels, List<string> Notes);
