/** Protobuf fields of the other kinds of the core group, as in podFields. */
export const coreFields = `
core.AttachedVolume 1:name:s 2:devicePath:s
core.Binding 1:metadata:meta.ObjectMeta 2:target:core.ObjectReference
core.ClientIPConfig 1:timeoutSeconds:?i
core.ConfigMap 1:metadata:meta.ObjectMeta 4:immutable:?b 2:data:{}s 3:binaryData:{}y
core.ConfigMapNodeConfigSource 1:namespace:s 2:name:s 3:uid:s 4:resourceVersion:s 5:kubeletConfigKey:s
core.ContainerImage 1:names:[]s 2:sizeBytes:i
core.ContainerState 1:waiting:?core.ContainerStateWaiting 2:running:?core.ContainerStateRunning 3:terminated:?core.ContainerStateTerminated
core.ContainerStateRunning 1:startedAt:time
core.ContainerStateTerminated 1:exitCode:i 2:signal:i 3:reason:s 4:message:s 5:startedAt:time 6:finishedAt:time 7:containerID:s
core.ContainerStateWaiting 1:reason:s 2:message:s
core.ContainerStatus 1:name:s 2:state:core.ContainerState 3:lastState:core.ContainerState 4:ready:b 5:restartCount:i 6:image:s 7:imageID:s 8:containerID:s 9:started:?b 10:allocatedResources:{}q 11:resources:?core.ResourceRequirements 12:volumeMounts:[]core.VolumeMountStatus 13:user:?core.ContainerUser 14:allocatedResourcesStatus:[]core.ResourceStatus 15:stopSignal:?s
core.ContainerUser 1:linux:?core.LinuxContainerUser
core.DaemonEndpoint 1:Port:i
core.EndpointAddress 1:ip:s 3:hostname:s 4:nodeName:?s 2:targetRef:?core.ObjectReference
core.EndpointPort 1:name:s 2:port:i 3:protocol:s 4:appProtocol:?s
core.EndpointSubset 1:addresses:[]core.EndpointAddress 2:notReadyAddresses:[]core.EndpointAddress 3:ports:[]core.EndpointPort
core.Endpoints 1:metadata:meta.ObjectMeta 2:subsets:[]core.EndpointSubset
core.Event 1:metadata:meta.ObjectMeta 2:involvedObject:core.ObjectReference 3:reason:s 4:message:s 5:source:core.EventSource 6:firstTimestamp:time 7:lastTimestamp:time 8:count:i 9:type:s 10:eventTime:micro 11:series:?core.EventSeries 12:action:s 13:related:?core.ObjectReference 14:reportingComponent:s 15:reportingInstance:s
core.EventSeries 1:count:i 2:lastObservedTime:micro
core.EventSource 1:component:s 2:host:s
core.HostIP 1:ip:s
core.LimitRange 1:metadata:meta.ObjectMeta 2:spec:core.LimitRangeSpec
core.LimitRangeItem 1:type:s 2:max:{}q 3:min:{}q 4:default:{}q 5:defaultRequest:{}q 6:maxLimitRequestRatio:{}q
core.LimitRangeSpec 1:limits:[]core.LimitRangeItem
core.LinuxContainerUser 1:uid:i 2:gid:i 3:supplementalGroups:[]i
core.LoadBalancerIngress 1:ip:s 2:hostname:s 3:ipMode:?s 4:ports:[]core.PortStatus
core.LoadBalancerStatus 1:ingress:[]core.LoadBalancerIngress
core.ModifyVolumeStatus 1:targetVolumeAttributesClassName:s 2:status:s
core.Namespace 1:metadata:meta.ObjectMeta 2:spec:core.NamespaceSpec 3:status:core.NamespaceStatus
core.NamespaceCondition 1:type:s 2:status:s 4:lastTransitionTime:time 5:reason:s 6:message:s
core.NamespaceSpec 1:finalizers:[]s
core.NamespaceStatus 1:phase:s 2:conditions:[]core.NamespaceCondition
core.Node 1:metadata:meta.ObjectMeta 2:spec:core.NodeSpec 3:status:core.NodeStatus
core.NodeAddress 1:type:s 2:address:s
core.NodeCondition 1:type:s 2:status:s 3:lastHeartbeatTime:time 4:lastTransitionTime:time 5:reason:s 6:message:s
core.NodeConfigSource 2:configMap:?core.ConfigMapNodeConfigSource
core.NodeConfigStatus 1:assigned:?core.NodeConfigSource 2:active:?core.NodeConfigSource 3:lastKnownGood:?core.NodeConfigSource 4:error:s
core.NodeDaemonEndpoints 1:kubeletEndpoint:core.DaemonEndpoint
core.NodeFeatures 1:supplementalGroupsPolicy:?b
core.NodeRuntimeHandler 1:name:s 2:features:?core.NodeRuntimeHandlerFeatures
core.NodeRuntimeHandlerFeatures 1:recursiveReadOnlyMounts:?b 2:userNamespaces:?b
core.NodeSpec 1:podCIDR:s 7:podCIDRs:[]s 3:providerID:s 4:unschedulable:b 5:taints:[]core.Taint 6:configSource:?core.NodeConfigSource 2:externalID:s
core.NodeStatus 1:capacity:{}q 2:allocatable:{}q 3:phase:s 4:conditions:[]core.NodeCondition 5:addresses:[]core.NodeAddress 6:daemonEndpoints:core.NodeDaemonEndpoints 7:nodeInfo:core.NodeSystemInfo 8:images:[]core.ContainerImage 9:volumesInUse:[]s 10:volumesAttached:[]core.AttachedVolume 11:config:?core.NodeConfigStatus 12:runtimeHandlers:[]core.NodeRuntimeHandler 13:features:?core.NodeFeatures
core.NodeSwapStatus 1:capacity:?i
core.NodeSystemInfo 1:machineID:s 2:systemUUID:s 3:bootID:s 4:kernelVersion:s 5:osImage:s 6:containerRuntimeVersion:s 7:kubeletVersion:s 8:kubeProxyVersion:s 9:operatingSystem:s 10:architecture:s 11:swap:?core.NodeSwapStatus
core.ObjectReference 1:kind:s 2:namespace:s 3:name:s 4:uid:s 5:apiVersion:s 6:resourceVersion:s 7:fieldPath:s
core.PersistentVolumeClaim 1:metadata:meta.ObjectMeta 2:spec:core.PersistentVolumeClaimSpec 3:status:core.PersistentVolumeClaimStatus
core.PersistentVolumeClaimCondition 1:type:s 2:status:s 3:lastProbeTime:time 4:lastTransitionTime:time 5:reason:s 6:message:s
core.PersistentVolumeClaimStatus 1:phase:s 2:accessModes:[]s 3:capacity:{}q 4:conditions:[]core.PersistentVolumeClaimCondition 5:allocatedResources:{}q 7:allocatedResourceStatuses:{}s 8:currentVolumeAttributesClassName:?s 9:modifyVolumeStatus:?core.ModifyVolumeStatus
core.Pod 1:metadata:meta.ObjectMeta 2:spec:core.PodSpec 3:status:core.PodStatus
core.PodCondition 1:type:s 7:observedGeneration:i 2:status:s 3:lastProbeTime:time 4:lastTransitionTime:time 5:reason:s 6:message:s
core.PodIP 1:ip:s
core.PodResourceClaimStatus 1:name:s 2:resourceClaimName:?s
core.PodStatus 17:observedGeneration:i 1:phase:s 2:conditions:[]core.PodCondition 3:message:s 4:reason:s 11:nominatedNodeName:s 5:hostIP:s 16:hostIPs:[]core.HostIP 6:podIP:s 12:podIPs:[]core.PodIP 7:startTime:?time 10:initContainerStatuses:[]core.ContainerStatus 8:containerStatuses:[]core.ContainerStatus 9:qosClass:s 13:ephemeralContainerStatuses:[]core.ContainerStatus 14:resize:s 15:resourceClaimStatuses:[]core.PodResourceClaimStatus
core.PodTemplate 1:metadata:meta.ObjectMeta 2:template:core.PodTemplateSpec
core.PortStatus 1:port:i 2:protocol:s 3:error:?s
core.ResourceHealth 1:resourceID:s 2:health:s
core.ResourceQuota 1:metadata:meta.ObjectMeta 2:spec:core.ResourceQuotaSpec 3:status:core.ResourceQuotaStatus
core.ResourceQuotaSpec 1:hard:{}q 2:scopes:[]s 3:scopeSelector:?core.ScopeSelector
core.ResourceQuotaStatus 1:hard:{}q 2:used:{}q
core.ResourceStatus 1:name:s 2:resources:[]core.ResourceHealth
core.ScopeSelector 1:matchExpressions:[]core.ScopedResourceSelectorRequirement
core.ScopedResourceSelectorRequirement 1:scopeName:s 2:operator:s 3:values:[]s
core.Secret 1:metadata:meta.ObjectMeta 5:immutable:?b 2:data:{}y 4:stringData:{}s 3:type:s
core.Service 1:metadata:meta.ObjectMeta 2:spec:core.ServiceSpec 3:status:core.ServiceStatus
core.ServiceAccount 1:metadata:meta.ObjectMeta 2:secrets:[]core.ObjectReference 3:imagePullSecrets:[]core.LocalObjectReference 4:automountServiceAccountToken:?b
core.ServicePort 1:name:s 2:protocol:s 6:appProtocol:?s 3:port:i 4:targetPort:ios 5:nodePort:i
core.ServiceSpec 1:ports:[]core.ServicePort 2:selector:{}s 3:clusterIP:s 18:clusterIPs:[]s 4:type:s 5:externalIPs:[]s 7:sessionAffinity:s 8:loadBalancerIP:s 9:loadBalancerSourceRanges:[]s 10:externalName:s 11:externalTrafficPolicy:s 12:healthCheckNodePort:i 13:publishNotReadyAddresses:b 14:sessionAffinityConfig:?core.SessionAffinityConfig 19:ipFamilies:[]s 17:ipFamilyPolicy:?s 20:allocateLoadBalancerNodePorts:?b 21:loadBalancerClass:?s 22:internalTrafficPolicy:?s 23:trafficDistribution:?s
core.ServiceStatus 1:loadBalancer:core.LoadBalancerStatus 2:conditions:[]meta.Condition
core.SessionAffinityConfig 1:clientIP:?core.ClientIPConfig
core.Taint 1:key:s 2:value:s 3:effect:s 4:timeAdded:?time
core.VolumeMountStatus 1:name:s 2:mountPath:s 3:readOnly:b 4:recursiveReadOnly:?s
`;
