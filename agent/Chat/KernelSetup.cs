using Microsoft.SemanticKernel;

namespace Rewas.Agent;

/// <summary>The kernel of one turn: the functions over its session, and the filter that turns expected failures into answers.</summary>
static class KernelSetup
{
    public const string Plugin = "sound";

    public static Kernel Create(SoundTools tools, Action<AgentEvent> emit)
    {
        var kernel = new Kernel();
        kernel.Plugins.AddFromObject(tools, Plugin);
        kernel.FunctionInvocationFilters.Add(new RefusalFilter(emit));
        return kernel;
    }
}
