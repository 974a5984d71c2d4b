/** Top-level values of the Cilium charts 1.16 to 1.20, which their values.schema.json lists. */
export const topLevelKeys: readonly string[] = `
MTU affinity agent agentNotReadyTaintKey aksbyocni alibabacloud annotateK8sNode annotations apiRateLimit authentication
autoDirectNodeRoutes bgp azure bandwidthManager bgpControlPlane bpf bpfClockProbe certgen cgroup ciliumEndpointSlice
cleanBpfState cleanState cluster clustermesh cni commonLabels configDriftDetection connectivityProbeFrequencyRatio
conntrackGCInterval conntrackGCMaxInterval containerRuntime crdWaitTimeout customCalls daemon datapathPlugins dashboards debug
defaultLBServiceIPAM devices directRoutingSkipUnreachable disableEndpointCRD disableEnvoyVersionCheck
disableIptablesFeederRules dnsPolicy dnsPolicyUnloadOnShutdown dnsProxy egressGateway egressMasqueradeInterfaces
enableCiliumEndpointSlice enableCriticalPriorityClass enableIPv4BIGTCP enableIPv4Masquerade enableIPv6BIGTCP enableIPv6Masquerade
enableIdentityMark enableK8sTerminatingEndpoint enableInternalTrafficPolicy enableLBIPAM enableMasqueradeRouteSource enableNoServiceEndpointsRoutable
enableNonDefaultDenyPolicies enableRuntimeDeviceDetection enableXTSocketFallback encryption endpointHealthChecking
endpointLockdownOnMapOverflow endpointPolicyUpdateTimeoutDuration endpointRoutes eni envoy envoyConfig etcd
externalIPs externalWorkloads extraArgs extraConfig extraContainers extraEnv extraHostPathMounts extraInitContainers
extraVolumeMounts extraVolumes forceDeviceDetection fragmentTracking gatewayAPI gke global healthChecking
healthCheckICMPFailureThreshold healthPort highScaleIPcache hostFirewall hostPort hubble identityAllocationMode
identityChangeGracePeriod identityManagementMode image imagePullSecrets ingressController initResources
installNoConntrackIptablesRules ipMasqAgent ipam iptablesLockTimeout iptablesRandomFully ipv4 ipv4NativeRoutingCIDR
ipv6 ipv6NativeRoutingCIDR k8s k8sClientExponentialBackoff k8sClientRateLimit k8sClusterNetworkPolicy k8sNetworkPolicy k8sServiceHost
k8sServiceHostRef k8sServiceLookupConfigMapName k8sServiceLookupNamespace k8sServicePort keepDeprecatedLabels
keepDeprecatedProbes kubeConfigPath kubeProxyReplacement kubeProxyReplacementHealthzBindAddr l2NeighDiscovery
l2announcements l2podAnnouncements l7Proxy labels livenessProbe loadBalancer localRedirectPolicies
localRedirectPolicy logOptions logSystemLoad maglev minReadySeconds monitor name namespaceOverride nat nativeRoutingCIDRFromClusterPool nat46x64Gateway nodeIPAM
nodeLabels nodePort nodeSelector nodeSelectorLabels nodeinit operator pmtuDiscovery podAnnotations podLabels
podSecurityContext policyAuditMode policyCIDRMatchMode policyDenyResponse policyEnforcementMode pprof preferIpv6 preflight
priorityClassName prometheus proxy rbac readinessProbe remoteNodeIdentity resourceQuotas resources rollOutCiliumPods
routingMode scheduling sctp secretsNamespaceAnnotations secretsNamespaceLabels securityContext serviceAccounts
serviceNoBackendResponse sleepAfterInit socketLB standaloneDnsProxy startupProbe svcSourceRangeCheck synchronizeK8sNodes
sysctlfix terminationGracePeriodSeconds tls tmpVolume tolerations tunnelPort tunnelProtocol tunnelSourcePortRange
underlayProtocol updateStrategy upgradeCompatibility vtep waitForKubeProxy wellKnownIdentities
`
  .trim()
  .split(/\s+/);

const words = (text: string) => text.trim().split(/\s+/);

/** Keys below some of them; the other maps are left open. */
export const subKeys: Readonly<Record<string, readonly string[]>> = {
  cni: words(`binPath chainingMode chainingTarget confFileMountPath confPath configMap configMapKey customConf
    enableRouteMTUForCNIChaining exclusive externalRouting hostConfDirMountPath install iptablesRemoveAWSRules logFile
    readCniConf resources uninstall`),
  ipam: words(`ciliumNodeUpdateRate installUplinkRoutesForDelegatedIPAM mode multiPoolPreAllocation nodeSpec operator`),
  "ipam.operator": words(`autoCreateCiliumPodIPPools clusterPoolIPv4MaskSize clusterPoolIPv4PodCIDRList
    clusterPoolIPv6MaskSize clusterPoolIPv6PodCIDRList externalAPILimitBurstSize externalAPILimitQPS`),
  operator: words(`affinity annotations dashboards dnsPolicy enabled endpointGCInterval extraArgs extraEnv
    extraHostPathMounts extraVolumeMounts extraVolumes hostNetwork hostUsers identityGCInterval identityHeartbeatTimeout image
    nodeGCInterval nodeSelector podAnnotations podDisruptionBudget podLabels podSecurityContext pprof
    priorityClassName prometheus removeNodeTaints replicas resources rollOutPods securityContext setNodeNetworkStatus
    setNodeTaints skipCRDCreation tolerations topologySpreadConstraints unmanagedPodWatcher updateStrategy`),
  "operator.unmanagedPodWatcher": words("intervalSeconds restart selector"),
  bpf: words(`authMapMax autoMount ctAccounting ctAnyMax ctTcpMax datapathMode disableExternalIPMitigation
    distributedLRU enableTCX events hostLegacyRouting lbAlgorithmAnnotation lbExternalClusterIP lbMapMax
    lbModeAnnotation lbSourceRangeAllTypes mapDynamicSizeRatio masquerade monitorAggregation monitorFlags
    monitorInterval monitorTraceIPOption natMax neighMax nodeMapMax policyMapMax policyMapPressureMetricsThreshold
    policyStatsMapMax preallocateMaps root tproxy vlanBypass`),
};
