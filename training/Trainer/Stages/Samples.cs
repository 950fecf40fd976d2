using Rewas.Clip;
using Rewas.Networks;
using Rewas.Sound;
using Rewas.Sound.Wav;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Losses;
using Rewas.Trainer.Torch;
using ScottPlot;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Stages;

/// <summary>Writes a stage's samples to hear and see.</summary>
sealed class Samples
{
    readonly TorchWeights? weights;
    readonly Func<IReadOnlyList<Tensor>, IReadOnlyList<Tensor>>? vocoder;

    /// <summary>Makes sounds with the run's vocoder, or with Griffin-Lim if there is no run or no vocoder yet.</summary>
    public Samples(TrainingConfig config, RunFolder? run)
    {
        if (run?.Has("vocoder", "vocoder") is not true)
            return;
        weights = run.Load("vocoder", "vocoder");
        vocoder = config.Define("vocoder").Build(new Scope(weights));
        weights.ThrowIfFaulty("vocoder");
    }

    /// <summary>Writes a log mel, [512, 64], as sound.</summary>
    public void WriteSound(string path, float[] logMel)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var mel = torch.tensor(logMel, [1, ClipTiming.MelFramesPerWindow, ClipTiming.MelBins]).transpose(1, 2);
        var wave = vocoder is null ? GriffinLim.Synthesize(mel) : ((TorchTensor)vocoder([weights!.Wrap(mel)])[0]).Value.reshape(1, -1);
        WriteWave(path, TorchWeights.ToHost(wave).Floats.Span[..ClipTiming.SamplesPerWindow].ToArray());
    }

    public static void WriteWave(string path, float[] wave) =>
        WavFile.WriteAsync(path, new Waveform([.. wave.Select(s => Math.Clamp(s, -1, 1))], ClipTiming.SampleRate), WavEncoding.Pcm16)
            .GetAwaiter()
            .GetResult();

    /// <summary>Writes a predicted curve beside the true one.</summary>
    public static void WriteCurves(string path, string title, float[] predicted, float[] truth)
    {
        using var plot = new Plot();
        var period = ClipTiming.WindowDuration.TotalSeconds / predicted.Length;
        plot.Add.Signal(truth, period).LegendText = "true";
        plot.Add.Signal(predicted, period).LegendText = "predicted";
        plot.Title(title);
        plot.XLabel("time, s");
        plot.YLabel("energy, mean log mel");
        plot.ShowLegend();
        plot.SavePng(path, 900, 360);
    }
}
