using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Evaluation.Guards;
using Rewas.Networks;
using Rewas.Networks.Architectures;
using Rewas.Sound.Levels;
using Rewas.Sound.Mel;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;
using Rewas.Trainer.Loop;
using Rewas.Trainer.Torch;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>
/// The guard of sounds: a classifier that hears speech, singing and music, alone or under Foley. It learns from voices of espeak-ng, music
/// of fluidsynth, and recordings. At the end, the head's bias is shifted so that a score of 0 is the threshold.
/// </summary>
sealed class GuardStage : IStage
{
    public const string Stage = "guard", Network = "sound_guard";

    /// <summary>The classes, in the order of the network's scores.</summary>
    public static IReadOnlyList<string> Labels { get; } = ["speech", "singing", "music"];

    /// <summary>Clips of Foley and of each kind that set the thresholds, and held-out clips of each kind that measure them.</summary>
    const int ThresholdClips = 2000, ThresholdClipsOfKind = 400, MeasuredClips = 200;

    /// <summary>Level of voices and music under Foley that is measured, dB.</summary>
    const double MixedAt = -12;

    readonly GuardMixer thresholds, heldOut;
    readonly IReadOnlyList<GuardRecording> thresholdFoley, heldOutFoley;
    readonly ClipPool pool;
    readonly TorchWeights weights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>> guard;

    GuardStage(
        TrainingConfig config, StageConfig stage, TrainingData data, Func<GuardSide, GuardMixer> mixer,
        Func<GuardSide, IReadOnlyList<GuardRecording>> foley)
    {
        if (!config.Read<SoundEncoderConfiguration>(Network).Labels.SequenceEqual(Labels))
            throw InputFault.Invalid("config", $"{Network}.labels must be {string.Join(", ", Labels)}");
        (thresholds, heldOut) = (mixer(GuardSide.Thresholds), mixer(GuardSide.HeldOut));
        (thresholdFoley, heldOutFoley) = (foley(GuardSide.Thresholds), foley(GuardSide.HeldOut));
        pool = data.PoolOf(new MixedForGuard(mixer(GuardSide.Training)), stage);
        weights = TorchWeights.Fresh(config.Seed + 11);
        guard = config.Define(Network).Build(new Scope(weights));
    }

    public IReadOnlyDictionary<string, TorchWeights> Trained => new Dictionary<string, TorchWeights> { [Network] = weights };

    /// <summary>Makes the voices and the music, or reads those of an earlier start of this run.</summary>
    /// <param name="folder">The stage's folder.</param>
    /// <exception cref="InputFault">Precondition: espeak-ng, fluidsynth or the recordings are missing.</exception>
    public static async Task<GuardStage> OpenAsync(
        TrainingConfig config, StageConfig stage, TrainingData data, IReadOnlyList<Recording> recordings, string folder,
        CancellationToken cancellation)
    {
        if (recordings.Count == 0)
            throw InputFault.Precondition("recordings", "must be given to train the guard: --recordings DIR");
        Directory.CreateDirectory(folder);
        var mixers = new Dictionary<GuardSide, GuardMixer>();
        var divided = GuardFoley.Divide(recordings, r => r.Label, r => r.Url);
        var foley = Enum.GetValues<GuardSide>().ToDictionary(
            side => side, side => divided[side].Select(r => new GuardRecording(r.Label, r.Samples)).ToArray());
        foreach (var side in Enum.GetValues<GuardSide>())
        {
            var counts = side == GuardSide.Training ? (1500, 400, 900) : (MeasuredClips, 80, MeasuredClips);
            var path = Path.Combine(folder, $"sounds-{side}.s16".ToLowerInvariant());
            mixers[side] = new(
                await GuardSounds.OpenAsync(path, side, counts, RenderedMusic.UsualFont, cancellation), foley[side]);
        }
        return new(config, stage, data, side => mixers[side], side => foley[side]);
    }

    public torch.Tensor Loss(int step)
    {
        var (clips, random) = pool.Draw(step);
        clips = SpectrogramMask.Of(clips, random);
        var targets = torch.tensor(clips.SelectMany(clip => clip.Control).ToArray(), [clips.Length, Labels.Count]);
        return torch.nn.functional.binary_cross_entropy_with_logits(Scores(clips.LogMels()), targets);
    }

    /// <summary>Shifts the bias so that a score of 0 is the threshold of each class. See <see cref="GuardThresholds"/>.</summary>
    public void Finish()
    {
        List<float[]> Mixed(int clips, bool speech, bool singing, bool music, double? decibels) =>
            ScoresOf(Enumerable.Range(0, clips).Select(i => thresholds.Mix((ulong)i, speech, singing, music, decibels)));

        var chosen = GuardThresholds.Choose(
            [Mixed(ThresholdClips, false, false, false, null), ScoresOf(thresholdFoley.Select(GuardMixer.Alone))],
            Mixed(ThresholdClipsOfKind, true, false, false, MixedAt),
            Mixed(ThresholdClipsOfKind, false, true, false, MixedAt),
            Mixed(ThresholdClipsOfKind, false, false, true, MixedAt));
        using var inference = torch.no_grad();
        weights.Parameters["head.bias"].sub_(torch.tensor(chosen));
    }

    public IReadOnlyDictionary<string, double> Evaluate()
    {
        double Recall(bool speech, bool singing, bool music, double? decibels) =>
            ScoresOf(Enumerable.Range(0, MeasuredClips).Select(i => heldOut.Mix((ulong)i, speech, singing, music, decibels)))
                .Average(s => (music ? s[2] : Math.Max(s[0], s[1])) > 0 ? 1.0 : 0);

        return new Dictionary<string, double>
        {
            ["guard_false_alarms"] = ScoresOf(heldOutFoley.Select(GuardMixer.Alone)).Average(s => s.Max() > 0 ? 1.0 : 0),
            ["guard_false_alarms_mixed"] = ScoresOf(
                Enumerable.Range(0, 2 * MeasuredClips).Select(i => heldOut.Mix((ulong)i, false, false, false, null)))
                .Average(s => s.Max() > 0 ? 1.0 : 0),
            ["guard_recall_speech"] = Recall(true, false, false, null),
            ["guard_recall_singing"] = Recall(false, true, false, null),
            ["guard_recall_music"] = Recall(false, false, true, null),
            ["guard_recall_speech_under_foley"] = Recall(true, false, false, MixedAt),
            ["guard_recall_singing_under_foley"] = Recall(false, true, false, MixedAt),
            ["guard_recall_music_under_foley"] = Recall(false, false, true, MixedAt),
        };
    }

    List<float[]> ScoresOf(IEnumerable<GuardClip> clips)
    {
        var rows = new List<float[]>();
        foreach (var part in clips.Select(clip => MixedForGuard.LogMel(clip.Wave)).Chunk(20))
        {
            using var scope = torch.NewDisposeScope();
            var mels = torch.tensor(
                part.SelectMany(mel => mel).ToArray(), [part.Length, 1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]);
            rows.AddRange(Scores(mels).data<float>().ToArray().Chunk(Labels.Count));
        }
        return rows;
    }

    torch.Tensor Scores(torch.Tensor mel) => ((TorchTensor)guard([weights.Wrap(mel)])[0]).Value;   // [B, 1, 512, 64] -> [B, labels]

    /// <summary>Mixed clips as the pool holds them: the log mel, and the classes in place of the control.</summary>
    sealed class MixedForGuard(GuardMixer mixer) : IClipSource
    {
        public TrainingClip Make(ulong seed)
        {
            var clip = mixer.Mix(seed);
            bool[] classes = [clip.Speech, clip.Singing, clip.Music];
            return new("", [], [], [], LogMel(clip.Wave), [], [], [], [.. classes.Select(heard => heard ? 1f : 0f)]);
        }

        public static float[] LogMel(float[] wave)
        {
            Loudness.NormaliseForTraining(wave);
            return MelSpectrogram.LogMel(wave);
        }
    }
}
