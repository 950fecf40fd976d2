using Rewas.Clip.Names;

namespace Rewas.Protocol.Orders;

/// <summary>
/// Every option of an order, listed once. The command, the manifest, validation, defaults, sidecars and docs/options.md are made from this
/// table. To add an option, add a field to the proto, a row here, and its use.
/// </summary>
public static class OrderTable
{
    const int MostCharacters = 2000, MostPieces = 1000, MostTakes = 100;

    /// <summary>Mel frames of one day, at 100 per second.</summary>
    const int MostFrames = 24 * 3600 * 100;

    public static OrderOption Prompt { get; } = new("prompt", "options.prompt", "TEXT", "what to hear, in plain words")
    { Maximum = MostCharacters, IsSpoken = true, Aliases = ["prompt"] };

    public static OrderOption Seed { get; } = new("seed", "options.seed", "N", "the same seed gives the same sound")
    { Minimum = 0, Maximum = uint.MaxValue, DefaultText = "0", Aliases = ["seed"] };

    public static OrderOption Steps { get; } = new("steps", "options.steps", "N", "sampling steps: more is slower and finer")
    { Minimum = 1, Maximum = 1000, BundleDefault = "steps", Aliases = ["sampler.steps"] };

    public static OrderOption Candidates { get; } = new(
        "candidates", "options.candidates", "N",
        "number of sounds to choose from: the best by score is the output, the others are OUT.candidate-2.wav, ...")
    { Minimum = 1, Maximum = 8, DefaultText = "1" };

    public static OrderOption Reference { get; } = new(
        "reference", "references.recordings", "FILE", "place these recordings under the curve: takes of one sound")
    { Maximum = 100, Since = "0.2" };

    public static OrderOption ReferenceStrength { get; } = new(
        "reference-strength", "options.reference_strength", "S",
        "0: the recordings alone, at their own rate and channels; above: sampling starts from them at this noise level")
    { Minimum = 0, Maximum = 1, DefaultText = "0", Since = "0.2" };

    public static OrderOption Library { get; } = new(
        "library", "references.library", "NAME", "place recordings of your library that match the prompt, if no recordings are given")
    { Choices = MemoryNames.All, DefaultText = MemoryNames.Off, Since = "0.2" };

    public static OrderOption Words { get; } = new(
        "words", "options.words", "NAME",
        "understood: \"no\", \"quiet\" and other languages are read; literal: the prompt is taken as it is")
    { Choices = WordsNames.All, DefaultText = WordsNames.Understood, Before = WordsNames.Literal, Since = "0.2" };

    public static OrderOption Environment { get; } = new(
        "environment", "environment.prompt", "TEXT", "what to hear behind the prompt: a second layer that follows the picture slowly")
    { Maximum = MostCharacters, IsSpoken = true, Aliases = ["environment.prompt"] };

    public static OrderOption EnvironmentGain { get; } = new(
        "environment-gain", "environment.decibels", "DB", "level of the environment in the mix")
    { Minimum = -60, Maximum = 12, Unit = "dB", DefaultText = "-12", Aliases = ["environment.decibels"] };

    public static OrderOption Width { get; } = new(
        "width", "finish.width", "W",
        "two channels, with sound in mono spread to both sides: 1 is widest; attacks, bass and the mono sum stay as they are")
    { Minimum = 0, Maximum = 1, DefaultText = "0", Since = "0.2" };

    public static OrderOption Pan { get; } = new(
        "pan", "finish.pan", "PLACE",
        "two channels, with the sound where the picture moves, or at a place from -1 (left) to 1 (right)")
    { Minimum = -1, Maximum = 1, Choices = [PanNames.Picture], DefaultText = "the centre", Since = "0.2" };

    public static OrderOption SampleFormat { get; } = new(
        "sample-format", "delivery.sample_format", "NAME", "samples of sound files: .wav, .flac (pcm16, pcm24), and stems")
    { Choices = SampleFormatNames.All, DefaultText = "float32; pcm24 in .flac and of placed recordings", Since = "0.2" };

    public static OrderOption Broadcast { get; } = new(
        "broadcast", "delivery.broadcast", "",
        "broadcast wave: bext and iXML with the prompt, and the place by the video's timecode; tags in .flac")
    { Since = "0.2" };

    /// <summary>In the order of help and of error messages.</summary>
    public static IReadOnlyList<OrderOption> All { get; } =
    [
        Prompt,
        Seed,
        new("preset", "options.preset", "NAME", "sampling options by one word; options that are given too win over it")
            { Choices = PresetNames.All, DefaultText = PresetNames.Standard, Since = "0.2" },
        Steps,
        new("guidance", "options.guidance_scale", "G", "how closely to follow the prompt")
            { Minimum = 1, Maximum = 30, BundleDefault = "guidanceScale", Aliases = ["sampler.guidanceScale"] },
        new("eta", "options.eta", "E", "noise added at each step of the sampler ddim: 0 none, 1 as in DDPM")
            { Minimum = 0, Maximum = 1, BundleDefault = "eta", Aliases = ["sampler.eta"] },
        new("sampler", "options.sampler", "NAME", "sampling method")
            { Choices = SamplerNames.Samplers, BundleDefault = "sampler", Aliases = ["sampler.name"] },
        new("spacing", "options.spacing", "NAME", "spacing of the noise levels")
            { Choices = SamplerNames.Spacings, BundleDefault = "spacing", Aliases = ["sampler.spacing"] },
        new("control", "options.control", "NAME", "the control signal beside the text")
            { Choices = ControlNames.All, DefaultText = "the bundle's", Aliases = ["sampler.control"] },
        new("join", "options.join", "NAME", "how windows of 5.12 s are joined")
            { Choices = JoinNames.All, Default = JoinNames.All[0], Before = JoinNames.Concatenate, Aliases = ["sampler.join"] },
        new("memory", "options.memory", "NAME", "start from the bundle's recordings that match the prompt")
            { Choices = MemoryNames.All, BundleDefault = "memory", Before = MemoryNames.Off, Aliases = ["sampler.memory"] },
        new(
            "start-level", "options.start_level", "T",
            "noise level at which sampling starts from recordings; 0: the placed recordings are the sound")
            { Minimum = 0.1, Maximum = 1, OrZero = true, BundleDefault = "memoryStartAt", Aliases = ["sampler.startLevel"] },
        Reference,
        ReferenceStrength,
        Library,
        new("ban", "references.banned", "PIECE", "do not place this piece again where it was; its id is in the sidecar")
            { Maximum = MostPieces, ItemFaults = PieceId.Faults, Since = "0.2" },
        new("pin", "references.pinned", "PIECE", "keep this piece where it is; its id is in the sidecar")
            { Maximum = MostPieces, ItemFaults = PieceId.Faults, Since = "0.2" },
        Words,
        new("level", "options.level", "DB", "changes the level of the whole sound; words such as \"quiet\" in the prompt add to it")
            { Minimum = -60, Maximum = 12, Unit = "dB", DefaultText = "0", Since = "0.2" },
        new(
            "take", "options.takes", "TAKE",
            "make a part of the sound again with other options, such as '1.2s..2s seed=7': the rest stays, to the sample")
            { Maximum = MostTakes, ItemFaults = RegionTake.Faults, Since = "0.2" },
        new("negative", "options.negative_prompt", "TEXT", "what not to hear")
            { Maximum = MostCharacters, Aliases = ["sampler.negativePrompt"] },
        new("no-speech", "options.no_speech", "", "refuse voices and singing, even if the prompt asks; by default refused unless it asks")
            { Since = "0.2" },
        new("no-music", "options.no_music", "", "refuse music and singing, even if the prompt asks; by default refused unless it asks")
            { Since = "0.2" },
        new("fresh-seeds", "options.fresh_seeds", "N", "further seeds to try if voices or music are heard that nobody asked for")
            { Minimum = 0, Maximum = 8, DefaultText = "2", Since = "0.2" },
        new("energy-guidance", "options.energy_guidance_scale", "G", "how closely to follow the energy; slower")
        {
            Minimum = 0,
            Maximum = 30,
            BundleDefault = "energyGuidanceScale",
            DefaultText = "the bundle's, else as --guidance",
            Aliases = ["sampler.energyGuidanceScale"],
        },
        new("guidance-rescale", "options.guidance_rescale", "R", "reduces the excess contrast of strong guidance")
            { Minimum = 0, Maximum = 1, BundleDefault = "guidanceRescale", Aliases = ["sampler.guidanceRescale"] },
        new("guidance-from", "options.guidance_from", "T", "guidance starts at this noise level; 1 is all noise")
            { Minimum = 0, Maximum = 1, BundleDefault = "guidanceFrom", Aliases = ["sampler.guidanceFrom"] },
        new("guidance-to", "options.guidance_to", "T", "guidance ends at this noise level; steps without it cost half")
            { Minimum = 0, Maximum = 1, BundleDefault = "guidanceTo", Aliases = ["sampler.guidanceTo"] },
        new(
            "ignore-cuts", "options.ignore_cuts", "",
            "let the sound continue over cuts of the picture, instead of starting again with each scene")
            { Aliases = ["sampler.ignoreCuts"] },
        new("batch", "options.priority", "", "give way to interactive requests of the same services")
            { FlagNumber = 1, Faces = OptionFaces.Command },
        Candidates,
        new("frames", "options.frames", "N", "frames of the whole sound, 100 per second; set by the maker of the sound")
            { Minimum = 0, Maximum = MostFrames, Faces = OptionFaces.Wire },
        new("loudness", "finish.loudness", "LUFS", "target programme loudness: -23 for broadcast, -16 to -14 for the web")
            { Minimum = -50, Maximum = -5, Unit = "LUFS", DefaultText = "as it is", Aliases = ["finish.options.loudnessTarget"] },
        new("true-peak", "finish.true_peak", "DBTP", "upper limit of the true peak")
            { Minimum = -9, Maximum = -0.1, Unit = "dBTP", Default = -1.0, Aliases = ["finish.options.truePeakCeiling"] },
        new("fade", "finish.fade_seconds", "SECONDS", "fades at both ends")
            { Minimum = 0, Maximum = 10, Unit = "s", DefaultText = "0", Aliases = ["finish.options.fadeSeconds"] },
        new("sample-rate", "finish.sample_rate", "HZ", "sample rate of a finished sound; placed recordings keep their own")
        {
            Choices = ["16000", "24000", "32000", "44100", "48000", "88200", "96000", "176400", "192000"],
            Default = 48_000,
            Aliases = ["finish.options.sampleRate"],
        },
        new("stereo", "finish.channels", "", "two channels, the same in both; the video's own sound and placed recordings stay in stereo")
            { FlagNumber = 2, Default = 1, Aliases = ["finish.options.channels"] },
        Width,
        Pan,
        new("original", "finish.original", "NAME", "the video's own sound: left out, kept, or ducked under the new one")
            { Choices = ["replace", "keep", "duck"], DefaultText = "replace", Aliases = ["finish.options.original"] },
        new(
            "volume", "finish.volume", "DB",
            "gain of the new sound in the mix with the video's own sound")
            { Minimum = -60, Maximum = 30, Unit = "dB", DefaultText = "0", Since = "0.2" },
        Environment,
        EnvironmentGain,
        new("environment-negative", "environment.negative_prompt", "TEXT", "what not to hear in the environment")
            { Maximum = MostCharacters, DefaultText = "as --negative", Since = "0.2" },
        SampleFormat,
        new("dither", "delivery.dither", "NAME", "where samples lose bits: triangular noise by the seed, or plain rounding")
            { Choices = DitherNames.All, DefaultText = DitherNames.Tpdf, Since = "0.2" },
        Broadcast,
    ];

    /// <summary>The option with this name or alias; null for none.</summary>
    public static OrderOption? Find(string name) =>
        All.FirstOrDefault(option => option.Name == name) ?? All.FirstOrDefault(option =>
            option.WireName == name && option.Faces != OptionFaces.Wire);
}
