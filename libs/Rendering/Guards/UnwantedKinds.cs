using Rewas.Text.Words;
using Rewas.V1;

namespace Rewas.Rendering.Guards;

/// <summary>
/// Which kinds of sound an order does not want. Foley has neither voices nor music, unless the prompt asks for them or the order says so.
/// </summary>
public static class UnwantedKinds
{
    /// <summary>
    /// Words that ask for somebody who speaks, or for a voice that no guard can tell from it. People alone do not: "a man walking".
    /// </summary>
    static readonly HashSet<string> Voices = Words(
        """
        speech speak speaks speaking spoken speaker talk talks talking voice voices vocal say says saying said tell tells telling
        whisper whispers whispering shout shouts shouting yell yells yelling scream screams screaming announcement announcer announces
        narrator narration conversation dialogue dialog chat chats chatter chattering babble babbling murmur murmurs murmuring crowd
        crowds audience cheer cheers cheering laugh laughs laughing laughter giggle giggles giggling commentator radio television tv
        newscast lecture argue argues arguing prayer praying baby infant newborn cry cries crying sob sobs sobbing weep weeps weeping
        wail wails wailing moan moans moaning groan groans groaning parrot
        """);

    /// <summary>Words that ask for somebody who sings.</summary>
    static readonly HashSet<string> Songs = Words(
        """
        sing sings singing sung singer song songs choir choral chant chants chanting vocals opera lullaby karaoke yodel yodelling yodeling
        rapper carol carols anthem
        """);

    /// <summary>Words that ask for music, or for a sound of definite pitch that no guard can tell from it.</summary>
    static readonly HashSet<string> Tunes = Words(
        """
        music musical musician tune tunes melody melodic melodies song songs band orchestra orchestral symphony concert soundtrack jingle
        instrument instruments guitar guitars piano pianos violin violins cello viola fiddle harp flute flutes clarinet oboe bassoon
        saxophone sax trumpet trombone tuba horn horns organ accordion harmonica bagpipe bagpipes banjo mandolin ukulele lute sitar erhu
        zither drum drums drummer drumming bongo bongos conga congas tabla timpani xylophone marimba vibraphone glockenspiel chime chimes
        bell bells carillon gong synthesizer synth jazz techno disco waltz blues reggae ringtone whistling whistle strum strums strumming
        radio television tv
        """);

    static readonly char[] Separators = [' ', '\t', '\n', '\r', '.', ',', ';', ':', '!', '?', '"', '(', ')', '/', '\''];

    /// <summary>The kinds that the order does not want: those that it refuses, and those that its prompt does not ask for.</summary>
    public static IReadOnlyList<string> Of(GenerateOptions options)
    {
        var asked = Asked(options.Prompt);
        return
        [
            .. HeardKinds.All.Where(kind => kind switch
            {
                HeardKinds.Speech => options.NoSpeech || !asked.Contains(HeardKinds.Speech),
                HeardKinds.Singing => options.NoSpeech || options.NoMusic
                    || !(asked.Contains(HeardKinds.Singing) || asked.Contains(HeardKinds.Speech)),
                _ => options.NoMusic || !asked.Contains(HeardKinds.Music),
            }),
        ];
    }

    /// <summary>
    /// The kinds that a prompt asks for, in any language that is read. What it does not want to hear does not count. A prompt that cannot
    /// be read may ask for all.
    /// </summary>
    public static IReadOnlySet<string> Asked(string prompt)
    {
        var read = PromptWords.Read(prompt);
        if (!read.IsRead)
            return HeardKinds.All.ToHashSet();
        var asked = new HashSet<string>();
        foreach (var word in read.Prompt.ToLowerInvariant().Split(Separators, StringSplitOptions.RemoveEmptyEntries))
        {
            if (Voices.Contains(word))
                asked.Add(HeardKinds.Speech);
            if (Songs.Contains(word) || Tunes.Contains(word))
                asked.UnionWith([HeardKinds.Singing, HeardKinds.Music]);
        }
        return asked;
    }

    static HashSet<string> Words(string list) => [.. list.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)];
}
