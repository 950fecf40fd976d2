using System.Diagnostics;
using System.Globalization;
using Rewas.Bundles.Checkpoints;
using Rewas.Clip;
using Rewas.Clip.Faults;
using Rewas.Trainer.Configuration;
using Rewas.Trainer.Torch;
using TorchSharp.Modules;
using torch = TorchSharp.torch;

namespace Rewas.Trainer.Loop;

/// <summary>The networks that a stage trains, and its loss. The loop does the rest.</summary>
interface IStage
{
    /// <summary>The networks that learn, by their names in the checkpoint.</summary>
    IReadOnlyDictionary<string, TorchWeights> Trained { get; }

    /// <summary>
    /// Loss of one step, a scalar. It depends only on the weights and the step, so a resumed run continues as if it had never stopped.
    /// </summary>
    torch.Tensor Loss(int step);

    /// <summary>Figures on clips that training never sees, with the averaged weights in place.</summary>
    IReadOnlyDictionary<string, double> Evaluate();

    /// <summary>
    /// Runs once after the last step, with the averaged weights in place. It changes weights without training them. Running it twice must
    /// change nothing more.
    /// </summary>
    void Finish()
    {
    }

    /// <summary>Writes samples of held-out clips for a person to see or hear, with the averaged weights in place.</summary>
    void WriteSamples(string folder)
    {
    }
}

/// <summary>
/// Trains a stage with AdamW, and with Muon if the stage asks for it: warm-up, cosine decay, gradient clipping, moving average, a CSV of
/// losses, and checkpoints that can be resumed. It writes <c>RUN/STAGE/{network}.safetensors</c> (averaged),
/// <c>{network}.raw.safetensors</c>, <c>optimizer.bin</c>, <c>step.txt</c>, <c>losses.csv</c> and <c>losses.png</c>. At intervals and at
/// the end it writes <c>evaluations.csv</c> and <c>samples/STEP/</c>.
/// </summary>
/// <param name="startFrom">Averaged weights of a network to start from, of the same names and shapes. If it is null or returns null, a
/// network starts as its stage says.</param>
sealed class TrainingLoop(string directory, StageConfig config, Func<string, IReadOnlyDictionary<string, HostTensor>?>? startFrom = null)
{
    public const string EvaluationFile = "evaluation.txt";

    static readonly TimeSpan CheckpointEvery = TimeSpan.FromMinutes(2);

    public void Run(IStage stage, bool resume, TextWriter log, CancellationToken cancel)
    {
        Directory.CreateDirectory(directory);
        var parameters = stage.Trained.SelectMany(n => n.Value.Parameters.Select(p => (Name: $"{n.Key}:{p.Key}", p.Value))).ToArray();
        var optimizer = new Optimizer(parameters, config);
        if (!resume)
            StartFrom(stage, parameters, log);
        var averages = parameters.ToDictionary(p => p.Name, p => p.Value.detach().clone().DetachFromDisposeScope());
        var first = resume ? Restore(parameters, averages, optimizer) : 0;
        if (!resume)
            File.WriteAllText(Losses, "step,loss,learning_rate,gradient_norm,ms_per_step\n");
        log.WriteLine($"{parameters.Sum(p => p.Value.numel()):N0} parameters, steps {first} to {config.Steps}");

        var clock = Stopwatch.StartNew();
        var (saved, logged, sum, count) = (clock.Elapsed, clock.Elapsed, 0.0, 0);
        for (var step = first; step < config.Steps; step++)
        {
            using var scope = torch.NewDisposeScope();
            var rate = LearningRate(step);
            SetTraining(stage, true);
            optimizer.Clear();
            var loss = stage.Loss(step);
            var value = loss.item<float>();
            if (!float.IsFinite(value))
                throw new InvalidOperationException($"the loss is not finite at step {step}; the last checkpoint is in {directory}");
            loss.backward();
            var norm = torch.nn.utils.clip_grad_norm_(parameters.Select(p => p.Value), config.GradientNorm);
            optimizer.Step(rate);
            Average(parameters, averages, step);

            (sum, count) = (sum + value, count + 1);
            if ((step + 1) % 25 == 0 || step + 1 == config.Steps)
            {
                var milliseconds = (clock.Elapsed - logged).TotalMilliseconds / count;
                var line =
                    string.Create(CultureInfo.InvariantCulture, $"{step + 1},{sum / count:G6},{rate:G4},{norm:G4},{milliseconds:F0}");
                File.AppendAllText(Losses, line + "\n");
                log.WriteLine(line);
                (sum, count, logged) = (0, 0, clock.Elapsed);
            }
            if (clock.Elapsed - saved > CheckpointEvery || cancel.IsCancellationRequested || step + 1 == config.Steps)
            {
                Save(stage, parameters, averages, optimizer, step + 1);
                saved = clock.Elapsed;
            }
            if (config.EvaluateEvery > 0
                && (step + 1) % config.EvaluateEvery == 0
                && step + 1 < config.Steps
                && !cancel.IsCancellationRequested)
                EvaluateAverage(stage, parameters, averages, step + 1, log);
            if (cancel.IsCancellationRequested)
            {
                log.WriteLine($"stopped after step {step + 1}; --resume goes on from there");
                return;
            }
        }

        Finish(stage, parameters, averages);
        Save(stage, parameters, averages, optimizer, config.Steps);
        File.WriteAllLines(Path.Combine(directory, EvaluationFile), EvaluateAverage(stage, parameters, averages, config.Steps, log));
    }

    static void Finish(IStage stage, (string Name, Parameter Value)[] parameters, Dictionary<string, torch.Tensor> averages) =>
        WithAverages(stage, parameters, averages, () =>
        {
            stage.Finish();
            foreach (var (name, parameter) in parameters)
                averages[name].copy_(parameter);
        });

    List<string> EvaluateAverage(
        IStage stage, (string Name, Parameter Value)[] parameters, Dictionary<string, torch.Tensor> averages, int step, TextWriter log)
    {
        var lines = new List<string>();
        WithAverages(stage, parameters, averages, () =>
        {
            lines.AddRange(stage.Evaluate().Select(f => string.Create(CultureInfo.InvariantCulture, $"{f.Key} = {f.Value:G5}")));
            stage.WriteSamples(
                Directory.CreateDirectory(Path.Combine(directory, "samples", step.ToString(CultureInfo.InvariantCulture))).FullName);
        });
        foreach (var line in lines)
            log.WriteLine(line);
        File.AppendAllLines(Path.Combine(directory, "evaluations.csv"), lines.Select(line => $"{step},{line.Replace(" = ", ",")}"));
        LossPlot.Write(Losses, Path.Combine(directory, "losses.png"));
        return lines;
    }

    /// <summary>Runs an action with the averaged weights in place, and then restores the weights in training.</summary>
    static void WithAverages(
        IStage stage, (string Name, Parameter Value)[] parameters, Dictionary<string, torch.Tensor> averages, Action action)
    {
        using var inference = torch.no_grad();
        using var scope = torch.NewDisposeScope();
        var trained = parameters.Select(p => p.Value.clone()).ToArray();
        foreach (var (name, parameter) in parameters)
            parameter.copy_(averages[name]);
        SetTraining(stage, false);
        action();
        foreach (var ((_, parameter), value) in parameters.Zip(trained))
            parameter.copy_(value);
    }

    void StartFrom(IStage stage, (string Name, Parameter Value)[] parameters, TextWriter log)
    {
        if (startFrom is null)
            return;
        using var inference = torch.no_grad();
        foreach (var network in stage.Trained.Keys)
        {
            if (startFrom(network) is not { } stored)
                continue;
            foreach (var (name, parameter) in parameters.Where(p => p.Name.StartsWith($"{network}:", StringComparison.Ordinal)))
            {
                var key = name[(network.Length + 1)..];
                if (!stored.TryGetValue(key, out var weight) || !weight.Shape.SequenceEqual(parameter.shape))
                    throw InputFault.Invalid("from", $"{network} has no {key} of shape [{string.Join(", ", parameter.shape)}]");
                parameter.copy_(torch.tensor(weight.Floats.ToArray(), parameter.shape));
            }
            log.WriteLine($"{network} starts from earlier weights");
        }
    }

    string Losses => Path.Combine(directory, "losses.csv");

    string StepFile => Path.Combine(directory, "step.txt");


    double LearningRate(int step) => step < config.WarmUpSteps
        ? config.LearningRate * (step + 1) / config.WarmUpSteps
        : config.LearningRate * (
            0.05 + 0.95 * 0.5 * (1 + Math.Cos(Math.PI * (step - config.WarmUpSteps) / Math.Max(1, config.Steps - config.WarmUpSteps))));

    // The decay grows to its full value, so that the average of a short run is not its random start.
    void Average((string Name, Parameter Value)[] parameters, Dictionary<string, torch.Tensor> averages, int step)
    {
        using var inference = torch.no_grad();
        var decay = Math.Min(config.AverageDecay, (1.0 + step) / (10 + step));
        foreach (var (name, parameter) in parameters)
            averages[name].mul_(decay).add_(parameter, alpha: 1 - decay);
    }

    void Save(
        IStage stage, (string Name, Parameter Value)[] parameters, Dictionary<string, torch.Tensor> averages, Optimizer optimizer, int step)
    {
        foreach (var (network, weights) in stage.Trained)
        {
            WeightToStore[] Of(Func<string, torch.Tensor> value) =>
                [
                    .. weights.Buffers.Keys.Select(k => Stored(k, weights.Buffers[k])),
                    .. weights.Parameters.Keys.Select(k => Stored(k, value(k))),
                ];
            SafetensorsWriter.Write(Path.Combine(directory, $"{network}.safetensors"), Of(k => averages[$"{network}:{k}"]));
            SafetensorsWriter.Write(Path.Combine(directory, $"{network}.raw.safetensors"), Of(k => weights.Parameters[k]));
        }
        optimizer.Save(directory);
        File.WriteAllText(StepFile, step.ToString(CultureInfo.InvariantCulture));
    }

    static WeightToStore Stored(string name, torch.Tensor value) => new(name, value.shape, () => TorchWeights.ToHost(value).Floats);

    int Restore((string Name, Parameter Value)[] parameters, Dictionary<string, torch.Tensor> averages, Optimizer optimizer)
    {
        if (!File.Exists(StepFile))
            throw InputFault.NotFound("resume", $"'{directory}' holds no checkpoint");
        using var inference = torch.no_grad();
        foreach (var network in parameters.GroupBy(p => p.Name[..p.Name.IndexOf(':', StringComparison.Ordinal)]))
        {
            using var raw = SafetensorsFile.Open(Path.Combine(directory, $"{network.Key}.raw.safetensors"));
            using var averaged = SafetensorsFile.Open(Path.Combine(directory, $"{network.Key}.safetensors"));
            foreach (var (name, parameter) in network)
            {
                var key = name[(network.Key.Length + 1)..];
                parameter.copy_(torch.tensor(raw.ReadFloats(key), parameter.shape));
                averages[name].copy_(torch.tensor(averaged.ReadFloats(key), parameter.shape));
            }
        }
        optimizer.Load(directory);
        return int.Parse(File.ReadAllText(StepFile), CultureInfo.InvariantCulture);
    }

    static void SetTraining(IStage stage, bool training)
    {
        foreach (var weights in stage.Trained.Values)
            weights.Mode.Training = training;
    }
}
