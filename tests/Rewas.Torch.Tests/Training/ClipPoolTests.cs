using Rewas.Trainer.Configuration;
using Rewas.Trainer.Data;

namespace Rewas.Torch.Tests.Training;

public class ClipPoolTests
{
    static readonly StageConfig Stage = new() { Steps = 1, Batch = 4, LearningRate = 1, PoolClips = 6, RenewedPerStep = 1.5 };

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    public void Workers_do_not_change_what_a_step_sees(int firstStep)
    {
        var (alone, aided) = (new ClipPool(new Numbered(), 7, Stage, workers: 0), new ClipPool(new Numbered(), 7, Stage, workers: 3));
        for (var step = firstStep; step < firstStep + 8; step++)
            Assert.Equal(alone.Draw(step).Clips.Select(c => c.Kind), aided.Draw(step).Clips.Select(c => c.Kind));
    }

    [Fact]
    public void What_fails_in_a_worker_fails_the_step() =>
        Assert.Throws<InvalidOperationException>(() => new ClipPool(new Failing(), 7, Stage, workers: 2).Draw(0));

    sealed class Numbered : IClipSource
    {
        public TrainingClip Make(ulong seed)
        {
            Thread.Sleep((int)(seed % 3));                                     // later ones may be ready earlier
            return new($"{seed}", [], [], [], [], [], [], [], []);
        }
    }

    sealed class Failing : IClipSource
    {
        public TrainingClip Make(ulong seed) => throw new InvalidOperationException();
    }
}
