using Rewas.Clip.Faults;
using Rewas.Trainer.Configuration;

namespace Rewas.Torch.Tests.Training;

public class TrainingConfigTests
{
    [Fact]
    public void A_prediction_that_nothing_is_trained_on_is_refused_and_not_taken_for_noise()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("config.json");
        var text = """
            {"name":"tiny","seed":1,"timing":{},"sampler":{"steps":4,"guidanceScale":2,"eta":0,"prediction":"velocity"},
            "vocabularyMerges":1,"networks":{},"stages":{}}
            """;
        File.WriteAllText(path, text);
        Assert.Equal("velocity", TrainingConfig.Read(path).Sampler.Prediction);
        File.WriteAllText(path, text.Replace("velocity", "velocty", StringComparison.Ordinal));
        Assert.Contains(
            "must be noise or velocity, but is 'velocty'",
            Assert.Throws<InputFault>(() => TrainingConfig.Read(path)).Message,
            StringComparison.Ordinal);
    }
}
